import type { TFunction } from 'i18next';
import type { Notice } from '../api/notices';
import { timeOfDay } from '../shared/dates';

/** What a notice says, in one line. The words of customers and colleagues stand below it. */
export function titleOf(t: TFunction, notice: Notice): string {
  const { by, clock, dueAt, thread, count } = notice;
  const what = clock ? t(`sla.awaits.${clock}`) : '';
  const time = dueAt ? timeOfDay(dueAt) : '';
  switch (notice.kind) {
    case 'message':
      return t('notices.kinds.message', { count });
    case 'assigned':
      if (notice.toTeam) return t('notices.kinds.assignedTeam', { team: thread?.team ?? '' });
      return by ? t('notices.kinds.assignedBy', { name: by.name }) : t('notices.kinds.assigned');
    case 'mention':
      return t('notices.kinds.mention', { name: by?.name ?? '' });
    case 'sla_due_soon':
      return t('notices.kinds.dueSoon', { what, time });
    case 'sla_overdue':
      return t('notices.kinds.overdue', { what });
    case 'session_closing':
      return t('notices.kinds.closing', { time });
    case 'send_failed':
      return t('notices.kinds.failed');
    case 'tickets_returned':
      return returnedText(t, notice, notice.tickets.length > 0);
    case 'approval_wanted':
      return t('notices.kinds.approvalWanted', { name: by?.name ?? '' });
    case 'approval_answered':
      return t(`notices.kinds.approvalAnswered.${notice.outcome ?? 'failed'}`, { name: by?.name ?? '' });
    case 'quota':
      return t('notices.kinds.quota', { threshold: notice.threshold });
    case 'channel_attention':
      return t('notices.kinds.channel', { channel: notice.channel ?? '' });
  }
}

/** Tickets went back: to whoever had them, and to whoever looks after them. */
export function returnedText(t: TFunction, { count, owner, minutes }: Notice, own: boolean): string {
  const values = {
    count,
    name: owner?.name ?? '',
    minutes: t('notices.minutes', { count: minutes ?? 0 }),
  };
  return own ? t('notices.own', values) : t('notices.others', values);
}
