export const viewKeys = {
  list: ['views'] as const,
  properties: ['views', 'properties'] as const,
};

/** The order of lists, newest first, unless a view has another. */
export const BY_ACTIVITY = 'message.lastAt';
