import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { assignment, type Notice } from '../api/assignment';
import { useMe } from '../people/queries';
import { relative } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { useClock } from '../shared/ticker';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { toast } from '../shared/ui/Toast';
import styles from './Notices.module.css';
import { assignmentKeys, useNotices } from './queries';

/** What the agent is told, until they say that they have seen it: tickets that went back while somebody was away. */
export function Notices() {
  const { t } = useTranslation();
  const notices = useNotices().data ?? [];
  if (notices.length === 0) return null;
  return (
    <section className={styles.region} aria-label={t('notices.label')} role="status">
      {notices.slice(0, 3).map((notice) => (
        <Card key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function Card({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const queryClient = useQueryClient();
  const when = useClock((now) => relative(notice.at, now, t('time.now')));
  // The threads themselves the live feed tells of.
  const settle = () => void queryClient.invalidateQueries({ queryKey: ['assignment'] });
  const hide = () =>
    queryClient.setQueryData<Notice[]>(assignmentKeys.notices, (all) =>
      all?.filter(({ id }) => id !== notice.id),
    );
  const seen = useMutation({
    mutationFn: () => assignment.noticeSeen(notice.id),
    onMutate: hide,
    onSettled: settle,
  });
  const takeBack = useMutation({
    mutationFn: () => assignment.takeBack(notice.id),
    onSuccess: ({ takenBack, gone }) => {
      hide();
      toast(
        gone > 0
          ? t('notices.takenSome', { taken: takenBack, gone })
          : t('notices.taken', { count: takenBack }),
      );
    },
    onError: (error) => toast(errorText(t, error)),
    onSettled: settle,
  });
  const own = notice.owner.id === agent.id;
  const values = { count: notice.count, name: notice.owner.name, minutes: notice.minutes };
  return (
    <div className={styles.card} data-testid="notice">
      <Icon name="moon" size={18} />
      <div>
        <p>{own ? t('notices.own', values) : t('notices.others', values)}</p>
        <small>{when}</small>
      </div>
      {notice.tickets.length > 0 && (
        <Button
          look="primary"
          className={styles.act}
          disabled={takeBack.isPending}
          data-testid="notice-take-back"
          onClick={() => takeBack.mutate()}
        >
          {t('notices.takeBack')}
        </Button>
      )}
      <IconButton
        icon="close"
        size={16}
        className={styles.close}
        label={t('common.close')}
        data-testid="notice-close"
        onClick={() => seen.mutate()}
      />
    </div>
  );
}
