/** The types of an event: what a reader gets, what a writer gives. */
export interface EventTypeNames {
  readonly payload: string;
  readonly input: string;
}

/** The types of a command, each as the receiving and as the giving end sees it. */
export interface CommandTypeNames {
  readonly command: string;
  readonly commandInput: string;
  readonly ack: string;
  readonly ackInput: string;
}
