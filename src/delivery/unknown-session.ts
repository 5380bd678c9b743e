/** A session id of Engine.IO that no server gives out. Who asks for it is answered at once, with 400, and opens nothing. */
export const unknownSid = "0";
