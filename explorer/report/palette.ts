/** The colours of the pictures, dark enough to be read on white. */

export const INK = '#1f2937';
export const GREY = '#6b7280';
export const PALE = '#9ca3af';
export const FAINT = '#e5e7eb';
export const BLUE = '#1d4ed8';
export const RED = '#c81e1e';
export const GREEN = '#15803d';
export const AMBER = '#b45309';

export const VIOLET = '#6d28d9';

export const PALE_RED = '#fee2e2';
export const PALE_GREEN = '#dcfce7';
export const PALE_BLUE = '#dbeafe';
export const PALE_AMBER = '#fef3c7';
export const PALE_VIOLET = '#ede9fe';

/** The colour of how a run ends. */
export const ENDINGS = { violated: RED, witnessed: GREEN, neither: INK } as const;
