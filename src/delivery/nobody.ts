/** A session that nobody has. To be asked for it costs a server next to nothing, and is answered at once: with 400. */
export const nobodySid = "0";
