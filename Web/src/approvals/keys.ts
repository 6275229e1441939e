export const approvalKeys = {
  root: ['approvals'] as const,
  list: (all: boolean) => ['approvals', 'list', all] as const,
  thread: (threadId: string) => ['approvals', 'thread', threadId] as const,
  count: ['approvals', 'count'] as const,
};
