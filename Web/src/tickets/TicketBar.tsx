import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnProperty, OwnValue } from '../api/properties';
import {
  type Priority,
  priorities,
  type Thread,
  type Ticket,
  type TicketChange,
  type TicketStatus,
  ticketStatuses,
} from '../api/types';
import { MacroPick } from '../macros/MacroPick';
import { useMayReply } from '../people/may';
import { useMe } from '../people/queries';
import { exact } from '../shared/dates';
import { useStore } from '../shared/store';
import { Avatar } from '../shared/ui/Avatar';
import { Icon, type IconName } from '../shared/ui/Icon';
import { laterDialog } from '../shared/ui/later';
import { Menu } from '../shared/ui/Menu';
import { Tooltip } from '../shared/ui/Tooltip';
import { SlaChip } from '../sla/SlaChip';
import { changeTicket } from './change';
import { type Assignee, assigneeKey, assignment, NobodyFace, TeamFace, useAssignees } from './owners';
import { askedOnClose, useOwnProperties } from './ownProperties';
import { Pick } from './Pick';
import { useTicketWords } from './queries';
import { type TicketAct, ticketRequest } from './request';
import { SnoozePick } from './SnoozePick';
import styles from './TicketBar.module.css';
import { LONGEST_TAG } from './words';

const ValuesDialog = laterDialog(async () => (await import('./ValuesDialog')).ValuesDialog);

type Open = 'owner' | 'tag' | 'status' | 'priority' | 'snooze' | null;

/** Who has the ticket and how it stands: each a menu, each with a key, each taken back within ten seconds. */
export function TicketBar({ thread, ticket }: { thread: Thread; ticket: Ticket }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { agent } = useMe();
  const mayReply = useMayReply();
  const assignees = useAssignees();
  const bar = useRef<HTMLFieldSetElement>(null);
  const [open, setOpen] = useState<Open>(null);

  const change = (what: TicketChange, told: string) => {
    if (mayReply) void changeTicket(queryClient, t, thread, what, { told, openId: thread.id });
  };
  const assign = (to: Assignee) => {
    const told = { person: 'ticket.assigned', team: 'ticket.handed', nobody: 'ticket.unassigned' } as const;
    change(assignment(to), t(told[to.kind], { name: to.kind === 'nobody' ? '' : to.name }));
  };
  const properties = useOwnProperties();
  const [asking, setAsking] = useState<OwnProperty[]>([]);
  const setStatus = (status: TicketStatus) => {
    const asked = status === 'closed' && ticket.status !== 'closed' ? askedOnClose(properties, ticket) : [];
    if (asked.length > 0) setAsking(asked);
    else change({ status }, t('ticket.statusSet', { status: t(`contact.status.${status}`) }));
  };
  const closeWith = (values: Record<string, OwnValue>) =>
    change(
      { status: 'closed', properties: values },
      t('ticket.statusSet', { status: t('contact.status.closed') }),
    );
  const toggleClosed = () => setStatus(ticket.status === 'closed' ? 'waiting_on_us' : 'closed');
  const snooze = (until: Date | null) =>
    change(
      { snoozedUntil: until?.toISOString() ?? null },
      until ? t('ticket.snoozed', { time: exact(until.getTime()) }) : t('ticket.woken'),
    );

  useTicketRequest({
    owner: () => mayReply && setOpen('owner'),
    mine: () => assign({ kind: 'person', id: agent.id, name: agent.name }),
    tag: () => mayReply && setOpen('tag'),
    close: toggleClosed,
    snooze: () => mayReply && ticket.status !== 'closed' && setOpen('snooze'),
  });

  return (
    <fieldset
      ref={bar}
      className={styles.bar}
      disabled={!mayReply}
      aria-label={t('ticket.label', { number: ticket.number })}
    >
      <div className={styles.how}>
        <Pick
          testId="ticket-owner"
          label={t('ticket.owner')}
          keys="A"
          open={open === 'owner'}
          onOpen={(is) => setOpen(is ? 'owner' : null)}
          options={assignees}
          chosen={assigneeKey(ticket)}
          searchable
          onChoose={assign}
        >
          <Assigned ticket={ticket} />
        </Pick>
        <Pick
          testId="ticket-status"
          label={t('ticket.status')}
          open={open === 'status'}
          onOpen={(is) => setOpen(is ? 'status' : null)}
          options={ticketStatuses.map((status) => ({
            key: status,
            value: status,
            label: t(`contact.status.${status}`),
          }))}
          chosen={ticket.status}
          onChoose={setStatus}
        >
          <span
            className={styles.room}
            data-widest={longest(ticketStatuses.map((status) => t(`contact.status.${status}`)))}
          >
            <span className={`${styles.state} ${styles[ticket.status] ?? ''}`}>
              {t(`contact.status.${ticket.status}`)}
            </span>
          </span>
        </Pick>
        <Pick
          testId="ticket-priority"
          label={t('ticket.priority')}
          open={open === 'priority'}
          onOpen={(is) => setOpen(is ? 'priority' : null)}
          options={priorities.map((priority) => ({
            key: priority,
            value: priority,
            label: t(`ticket.priorities.${priority}`),
            face: <Flag priority={priority} />,
          }))}
          chosen={ticket.priority}
          onChoose={(priority: Priority) =>
            change({ priority }, t('ticket.prioritySet', { priority: t(`ticket.priorities.${priority}`) }))
          }
        >
          <Flag priority={ticket.priority} />
          <span
            className={styles.optional}
            data-widest={longest(priorities.map((priority) => t(`ticket.priorities.${priority}`)))}
          >
            {t(`ticket.priorities.${ticket.priority}`)}
          </span>
        </Pick>
        {ticket.sla && <SlaChip sla={ticket.sla} />}
      </div>
      <div className={styles.acts}>
        <MacroPick thread={thread} />
        {ticket.status === 'closed' ? (
          <span className={styles.gap} />
        ) : (
          <SnoozePick
            ticket={ticket}
            open={open === 'snooze'}
            onOpen={(is) => setOpen(is ? 'snooze' : null)}
            onChoose={snooze}
          />
        )}
        <Tooltip text={t(ticket.status === 'closed' ? 'ticket.reopen' : 'ticket.close')} keys="E">
          <button type="button" className={styles.pick} data-testid="ticket-close" onClick={toggleClosed}>
            <Icon name={ticket.status === 'closed' ? 'undo' : 'check'} size={16} />
            <span data-widest={longest([t('ticket.close'), t('ticket.reopen')])}>
              {t(ticket.status === 'closed' ? 'ticket.reopen' : 'ticket.close')}
            </span>
          </button>
        </Tooltip>
      </div>
      {open === 'tag' && (
        <TagMenu
          anchor={bar}
          tags={ticket.tags}
          onChoose={(tag) => change({ addTags: [tag] }, t('ticket.tagged', { tag }))}
          onClose={() => setOpen(null)}
        />
      )}
      {asking.length > 0 && (
        <ValuesDialog
          title={t('ownProperty.closeTitle', { number: ticket.number })}
          lead={t('ownProperty.closeLead')}
          properties={asking}
          act={t('ticket.close')}
          onDone={closeWith}
          onClose={() => setAsking([])}
        />
      )}
    </fieldset>
  );
}

/** As much room is kept as the longest word of a button takes, so that another word moves nothing. */
function longest(words: string[]): string {
  return words.reduce((most, word) => (word.length > most.length ? word : most), '');
}

interface TagProps {
  anchor: RefObject<HTMLElement | null>;
  tags: readonly string[];
  onChoose: (tag: string) => void;
  onClose: () => void;
}

/** Opened by its key alone: the context pane has the tags themselves. */
function TagMenu({ anchor, tags, onChoose, onClose }: TagProps) {
  const { t } = useTranslation();
  const known = (useTicketWords()?.tags ?? []).filter((tag) => !tags.includes(tag));
  return (
    <Menu
      anchor={anchor}
      label={t('ticket.addTag')}
      options={known.map((tag) => ({ key: tag, value: tag, label: tag }))}
      searchable
      onTyped={onChoose}
      longest={LONGEST_TAG}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}

const flags: Record<Priority, IconName> = { urgent: 'alert', high: 'flag', normal: 'flag', low: 'arrowDown' };

export function Flag({ priority }: { priority: Priority }) {
  return (
    <span className={`${styles.flag} ${styles[priority] ?? ''}`} aria-hidden="true">
      <Icon name={flags[priority]} size={15} />
    </span>
  );
}

/** The owner, with the team beside them; a team alone; or nobody. */
function Assigned({ ticket: { owner, team, queuedAt } }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const face = owner ? (
    <Avatar id={owner.id} name={owner.name} size="small" />
  ) : team ? (
    <TeamFace />
  ) : (
    <NobodyFace />
  );
  return (
    <>
      {face}
      <span>{owner?.name ?? team?.name ?? t('ticket.nobody')}</span>
      {queuedAt && (
        <small className={styles.waits} data-testid="ticket-waits" title={exact(queuedAt)}>
          {t('ticket.waits')}
        </small>
      )}
      {owner && team && <small className={styles.optional}>{team.name}</small>}
    </>
  );
}

/** Answers what was asked by key or palette; not what was asked before this thread was open. */
export function useTicketRequest(acts: Partial<Record<TicketAct, () => void>>): void {
  const asked = useStore(ticketRequest);
  const known = useRef(asked);
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    if (!asked || asked === known.current) return;
    known.current = asked;
    latest.current[asked.act]?.();
  }, [asked]);
}
