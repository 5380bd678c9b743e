/**
 * How much the logs of the storm keep: enough for a half-open link to be found and recovered, too little for one that
 * is away for long, so that trimming is met as well.
 */
export const stormLog = { keepMs: 4_000, keepCount: 300 } as const;
