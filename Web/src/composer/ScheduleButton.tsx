import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { exact, localInput } from '../shared/dates';
import { serverClock } from '../shared/serverClock';
import { Button, IconButton } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Popover } from '../shared/ui/Popover';
import styles from './Composer.module.css';

interface Props {
  disabled: boolean;
  /** The end of the session: a reply must leave before. */
  endsAt: string | null;
  onSchedule: (at: string) => void;
}

/** Sends later: at a time that lies in the session. */
export function ScheduleButton({ disabled, endsAt, onSchedule }: Props) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState('');
  const time = at ? Date.parse(at) : Number.NaN;
  const problem = !at
    ? null
    : time <= serverClock.now()
      ? t('schedule.past')
      : endsAt && time >= Date.parse(endsAt)
        ? t('schedule.afterSession', { time: exact(endsAt) })
        : null;
  const show = () => {
    setAt(inAnHour());
    setOpen(!open);
  };
  return (
    <>
      <IconButton
        ref={button}
        icon="clock"
        label={t('schedule.open')}
        aria-haspopup="dialog"
        aria-expanded={open}
        disabled={disabled}
        data-testid="schedule-open"
        onClick={show}
      />
      {open && (
        <Popover anchor={button} label={t('schedule.open')} side="top" onClose={() => setOpen(false)}>
          <form
            className={styles.schedule}
            onSubmit={(event) => {
              event.preventDefault();
              if (problem || !at) return;
              setOpen(false);
              onSchedule(new Date(time).toISOString());
            }}
          >
            <Field
              label={t('schedule.at')}
              type="datetime-local"
              value={at}
              problem={problem}
              data-autofocus
              data-testid="schedule-at"
              onChange={(event) => setAt(event.target.value)}
            />
            <Button
              look="primary"
              type="submit"
              disabled={!at || problem !== null}
              data-testid="schedule-send"
            >
              {t('schedule.send')}
            </Button>
          </form>
        </Popover>
      )}
    </>
  );
}

/** The full hour that comes after the next, as the field writes it: the reader's own time. */
function inAnHour(): string {
  const then = new Date(serverClock.now() + 3_600_000);
  then.setMinutes(0, 0, 0);
  then.setTime(then.getTime() + 3_600_000);
  return localInput(then.getTime());
}
