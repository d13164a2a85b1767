/** The exit codes of the command. */

export const EXIT = {
  /** It holds; or what was asked for was done. */
  holds: 0,
  /** A property is violated; a trace does not show what it claims. */
  violated: 1,
  /** The request or the model is at fault. */
  error: 2,
  /** Stopped before everything was explored. */
  stopped: 3,
} as const;

export const EXIT_CODES_HELP = `Exit codes: 0 holds, 1 violated, 2 usage or model error, 3 stopped early.`;
