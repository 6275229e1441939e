import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Notice, notices } from '../api/notices';
import { previewText } from '../messages/labels';
import { exact, relative } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { useClock } from '../shared/ticker';
import { Button } from '../shared/ui/Button';
import { Icon, type IconName } from '../shared/ui/Icon';
import { toast } from '../shared/ui/Toast';
import styles from './NoticePanel.module.css';
import { markSeen } from './queries';
import { titleOf } from './words';

const icons: Record<Notice['kind'], IconName> = {
  message: 'chat',
  assigned: 'person',
  mention: 'at',
  sla_due_soon: 'flag',
  sla_overdue: 'flag',
  session_closing: 'clock',
  send_failed: 'alert',
  tickets_returned: 'moon',
  approval_wanted: 'check',
  approval_answered: 'check',
  quota: 'pulse',
  channel_attention: 'alert',
};

const urgent: Notice['kind'][] = ['sla_overdue', 'session_closing', 'send_failed', 'channel_attention'];

interface Props {
  notice: Notice;
  /** The reader went on to what it is about. */
  onGone: () => void;
}

/** One notice; chosen, it is seen and what it is about opens. */
export function NoticeItem({ notice, onGone }: Props) {
  const { t } = useTranslation();
  const go = useGo();
  const when = useClock((now) => relative(notice.at, now, t('time.now')));
  const { thread } = notice;
  const preview =
    notice.text !== null || notice.kind === 'message'
      ? previewText(t, { type: notice.messageType ?? 'other', text: notice.text })
      : null;
  const classes = [
    styles.item,
    !notice.seenAt && styles.unseen,
    urgent.includes(notice.kind) && styles.urgent,
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-testid="notice-item" data-kind={notice.kind}>
      <button
        type="button"
        className={styles.open}
        data-notice={notice.id}
        onClick={() => {
          if (go(notice)) onGone();
        }}
      >
        <Icon name={icons[notice.kind]} size={18} />
        <span className={styles.words}>
          <span className={styles.title}>
            {!notice.seenAt && <span className="visually-hidden">{t('notices.isUnseen')}</span>}
            {titleOf(t, notice)}
          </span>
          {thread && (
            <span className={styles.about}>
              <b>{thread.customer}</b>
              {thread.ticketNumber !== null && ` #${thread.ticketNumber}`}
            </span>
          )}
          {preview && <span className={styles.preview}>{preview}</span>}
        </span>
        <time dateTime={notice.at} title={exact(notice.at)}>
          {when}
        </time>
      </button>
      {notice.tickets.length > 0 && !notice.seenAt && <TakeBack notice={notice} />}
    </div>
  );
}

/** Says that a notice is seen and goes to what it is about; false where there is nowhere to go. */
export function useGo(): (notice: Notice) => boolean {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return ({ id, seenAt, thread }) => {
    if (!seenAt) void markSeen(queryClient, { id }).catch(() => undefined);
    if (!thread) return false;
    void navigate({
      to: '/inbox/$view/$threadId',
      params: { view: 'open', threadId: thread.id },
      search: thread.messageId ? { message: thread.messageId } : {},
    });
    return true;
  };
}

/** Tickets that went away from the agent become theirs again. */
export function TakeBack({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const takeBack = useMutation({
    mutationFn: () => notices.takeBack(notice.id),
    onSuccess: ({ takenBack, gone }) =>
      toast(
        gone > 0
          ? t('notices.takenSome', { taken: takenBack, gone })
          : t('notices.taken', { count: takenBack }),
      ),
    onError: (error) => toast(errorText(t, error)),
    // The threads themselves the live feed tells of.
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['notices'] });
      void queryClient.invalidateQueries({ queryKey: ['assignment'] });
    },
  });
  return (
    <Button
      look="primary"
      className={styles.act}
      disabled={takeBack.isPending}
      data-testid="notice-take-back"
      onClick={() => takeBack.mutate()}
    >
      {t('notices.takeBack')}
    </Button>
  );
}
