import { useMe } from './queries';

/** Whether this person may answer customers and work on tickets; viewers read along. The server decides: this spares them the attempt. */
export function useMayReply(): boolean {
  return useMe().agent.role !== 'viewer';
}
