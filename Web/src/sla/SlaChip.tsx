import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { TicketSla } from '../api/types';
import { duration, exact } from '../shared/dates';
import { useClock } from '../shared/ticker';
import { Icon } from '../shared/ui/Icon';
import { Tooltip } from '../shared/ui/Tooltip';
import styles from './SlaChip.module.css';
import { type SlaState, slaState } from './state';

/** In the thread's header: what is promised next, counted down by the server's clock. */
export function SlaChip({ sla }: { sla: TicketSla }) {
  const { t } = useTranslation();
  const state = useClock((now) => slaState(sla, now) ?? 'none');
  const words = useClock((now) => (state === 'none' ? '' : text(t, sla, state, now)));
  if (state === 'none') return null;
  return (
    <Tooltip text={hint(t, sla)}>
      <span
        className={`${styles.chip} ${styles.large} ${styles[state]}`}
        data-testid="sla-chip"
        data-state={state}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is in the tooltip, also for the keyboard.
        tabIndex={0}
      >
        <Icon name="flag" size={14} />
        {words}
      </span>
    </Tooltip>
  );
}

/** In the list: only what presses. */
export function SlaBadge({ sla }: { sla: TicketSla | null }) {
  const { t } = useTranslation();
  const state = useClock((now) => (sla ? (slaState(sla, now) ?? '') : ''));
  const words = useClock((now) => (sla?.dueAt ? duration(Math.abs(Date.parse(sla.dueAt) - now) / 1000) : ''));
  if (!sla || (state !== 'overdue' && state !== 'soon')) return null;
  return (
    <Tooltip text={hint(t, sla)}>
      <span className={`${styles.chip} ${styles[state]}`} data-testid="sla-badge" data-state={state}>
        <Icon name="flag" size={12} />
        <span className="visually-hidden">{t(`sla.${state}`)}</span>
        {state === 'overdue' ? `−${words}` : words}
      </span>
    </Tooltip>
  );
}

function text(t: TFunction, sla: TicketSla, state: SlaState, now: number): string {
  if (state === 'paused' || sla.dueAt === null) return t('sla.paused');
  const time = duration(Math.abs(Date.parse(sla.dueAt) - now) / 1000);
  const what = t(`sla.awaits.${sla.awaits ?? 'resolution'}`);
  return t(state === 'overdue' ? 'sla.overdueBy' : 'sla.dueIn', { what, time });
}

function hint(t: TFunction, sla: TicketSla): string {
  const lines: string[] = [];
  const tell = (what: 'first_response' | 'resolution', at: string | null, breached: boolean) => {
    if (at) lines.push(t('sla.dueAt', { what: t(`sla.awaits.${what}`), time: exact(at) }));
    if (breached) lines.push(t('sla.breached', { what: t(`sla.awaits.${what}`) }));
  };
  tell('first_response', sla.firstResponseDueAt, sla.firstResponseBreached);
  tell('resolution', sla.resolutionDueAt, sla.resolutionBreached);
  if (sla.paused) lines.push(t('sla.pausedHint'));
  return lines.join('\n');
}
