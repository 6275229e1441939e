import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ticket } from '../api/types';
import { exact, localInput } from '../shared/dates';
import { serverClock } from '../shared/serverClock';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { Icon } from '../shared/ui/Icon';
import type { MenuOption } from '../shared/ui/Menu';
import { Popover } from '../shared/ui/Popover';
import { Pick } from './Pick';
import { LONGEST_SNOOZE_MS, type SnoozeChoice, snoozeTime } from './snooze';
import styles from './TicketBar.module.css';

const choices: SnoozeChoice[] = ['hour', 'threeHours', 'tomorrow', 'monday'];

interface Props {
  ticket: Ticket;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (until: Date | null) => void;
}

/** Puts a ticket off: to one of the usual times, or to one of one's own. */
export function SnoozePick({ ticket, open, onOpen, onChoose }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLSpanElement>(null);
  const [own, setOwn] = useState(false);
  const now = serverClock.now();
  const options: MenuOption<Date | 'own' | null>[] = choices.map((choice) => {
    const time = snoozeTime(choice, now);
    return { key: choice, value: time, label: t(`ticket.snooze.${choice}`), note: exact(time.getTime()) };
  });
  options.push({ key: 'own', value: 'own', label: t('ticket.snooze.own') });
  if (ticket.snoozedUntil) options.unshift({ key: 'wake', value: null, label: t('ticket.snooze.wake') });
  return (
    <span ref={place} className={styles.place}>
      <Pick
        testId="ticket-snooze"
        label={t('ticket.snooze.label')}
        keys="S"
        open={open}
        onOpen={onOpen}
        options={options}
        onChoose={(until) => (until === 'own' ? setOwn(true) : onChoose(until))}
      >
        <Icon name="moon" size={16} />
        {ticket.snoozedUntil && <span>{exact(ticket.snoozedUntil)}</span>}
      </Pick>
      {own && (
        <OwnTime
          anchor={place}
          first={
            ticket.snoozedUntil ? Date.parse(ticket.snoozedUntil) : snoozeTime('tomorrow', now).getTime()
          }
          onClose={() => setOwn(false)}
          onChoose={(until) => {
            setOwn(false);
            onChoose(until);
          }}
        />
      )}
    </span>
  );
}

interface OwnTimeProps {
  anchor: RefObject<HTMLElement | null>;
  /** What stands in the field at first. */
  first: number;
  onChoose: (until: Date) => void;
  onClose: () => void;
}

/** A date and a time by the reader's own clock. */
function OwnTime({ anchor, first, onChoose, onClose }: OwnTimeProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(() => localInput(first));
  const time = at ? Date.parse(at) : Number.NaN;
  const now = serverClock.now();
  const problem = Number.isNaN(time)
    ? null
    : time <= now
      ? t('ticket.snooze.past')
      : time > now + LONGEST_SNOOZE_MS
        ? t('ticket.snooze.tooLate')
        : null;
  return (
    <Popover anchor={anchor} label={t('ticket.snooze.own')} onClose={onClose}>
      <form
        className={styles.own}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem && !Number.isNaN(time)) onChoose(new Date(time));
        }}
      >
        <Field
          label={t('ticket.snooze.until')}
          type="datetime-local"
          value={at}
          problem={problem}
          data-autofocus
          data-testid="snooze-at"
          onChange={(event) => setAt(event.target.value)}
        />
        <Button
          look="primary"
          type="submit"
          disabled={Number.isNaN(time) || problem !== null}
          data-testid="snooze-set"
        >
          {t('ticket.snooze.label')}
        </Button>
      </form>
    </Popover>
  );
}
