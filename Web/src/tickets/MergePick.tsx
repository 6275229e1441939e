import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tickets } from '../api/endpoints';
import type { Thread, Ticket, TicketDetails } from '../api/types';
import { errorText } from '../shared/errorText';
import { Menu } from '../shared/ui/Menu';
import { toast } from '../shared/ui/Toast';
import { threadQuery } from '../threads/queries';
import styles from './TicketDetails.module.css';

interface Choice {
  /** The one that goes on in the other. */
  from: string;
  into: string;
  told: string;
}

/** Another ticket of the same contact: an open one elsewhere takes this one in, an earlier one of this thread is taken in. */
export function MergePick({ thread, ticket }: { thread: Thread; ticket: Ticket }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const others = useQuery({
    queryKey: ['tickets', 'of', thread.contact.id],
    queryFn: ({ signal }) => tickets.ofContact(thread.contact.id ?? '', signal),
    enabled: open && thread.contact.id !== null,
    staleTime: 0,
  });
  if (ticket.status === 'closed' || thread.contact.id === null) return <span>{t('ticket.none')}</span>;
  const choices = (others.data ?? []).flatMap((other) => choice(other, thread, ticket));
  const settle = (promise: Promise<TicketDetails>, told: string, undo?: () => void) =>
    promise
      .then(({ notesLeft }) => {
        const more = notesLeft ? ` ${t('merge.notesLeft', { count: notesLeft })}` : '';
        toast(told + more, undo && { label: t('common.undo'), run: undo });
      })
      .catch((error: unknown) => toast(errorText(t, error)))
      .finally(() => {
        void queryClient.invalidateQueries({ queryKey: threadQuery(queryClient, thread.id).queryKey });
        void queryClient.invalidateQueries({ queryKey: ['tickets'] });
      });
  const merge = ({ from, into, told }: Choice) =>
    void settle(tickets.merge(from, into), told, () => void settle(tickets.unmerge(from), t('merge.undone')));

  function choice(other: TicketDetails, here: Thread, own: Ticket) {
    if (other.id === own.id || other.mergedInto) return [];
    const note = `${t(`contact.status.${other.status}`)}${other.subject ? ` · ${other.subject}` : ''}`;
    const text = { number: other.number, own: own.number };
    // Without a conversation a ticket is alone: it has no earlier one.
    if (other.threadId !== null && other.threadId === here.id)
      return [
        {
          key: other.id,
          label: t('merge.takeIn', text),
          note,
          value: { from: other.id, into: own.id, told: t('merge.tookIn', text) },
        },
      ];
    if (other.status === 'closed') return [];
    return [
      {
        key: other.id,
        label: t('merge.goInto', text),
        note,
        value: { from: own.id, into: other.id, told: t('merge.wentInto', text) },
      },
    ];
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.choose}
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid="ticket-merge"
        onClick={() => setOpen(!open)}
      >
        {t('merge.with')}
      </button>
      {open && others.data && (
        <Menu
          anchor={button}
          label={t('merge.label')}
          options={choices.length > 0 ? choices : [{ key: 'none', value: null, label: t('merge.nothing') }]}
          onChoose={(value: Choice | null) => value && merge(value)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
