import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { requestReply } from '../composer/replyRequest';
import { noticesOpen } from '../notices/queries';
import { useStore } from '../shared/store';
import { laterDialog } from '../shared/ui/later';
import { runToastAction } from '../shared/ui/Toast';
import { requestTemplates } from '../templates/request';
import { moveMark } from '../threads/markedRow';
import { toggleMarked } from '../threads/selection';
import { requestTicket } from '../tickets/request';
import { type Command, isField, readKey } from './keymap';
import { overlay } from './overlay';
import { singleKeys } from './settings';

/** Fetched with the first sign of a hand, so that words typed right after the key are in its field. */
export const loadPalette = () => import('./Palette');

const Palette = laterDialog(async () => (await loadPalette()).Palette);
const KeyboardMap = laterDialog(async () => (await import('./KeyboardMap')).KeyboardMap);

/** How long a first key (G) waits for its second. */
const PAIR_MS = 1200;

/** Listens to the whole page, and shows what the keys open over it. */
export function Shortcuts({ view }: { view: string }) {
  const navigate = useNavigate();
  const { threadId } = useParams({ strict: false });
  const open = useStore(overlay);
  const pending = useRef<{ key: string; at: number } | null>(null);

  useEffect(() => {
    const run: Record<Command, () => void> = {
      next: () => moveMark(1),
      previous: () => moveMark(-1),
      reply: requestReply,
      note: () => requestTicket('note'),
      close: () => requestTicket('close'),
      snooze: () => requestTicket('snooze'),
      assign: () => requestTicket('owner'),
      mine: () => requestTicket('mine'),
      tag: () => requestTicket('tag'),
      undo: () => void runToastAction(),
      macro: () => requestTicket('macro'),
      choose: () => toggleMarked(threadId),
      template: () => requestTemplates(),
      search: () => focus('[data-search]'),
      goInbox: () => void navigate({ to: '/inbox/$view', params: { view: 'open' } }),
      goMine: () => void navigate({ to: '/inbox/$view', params: { view: 'mine' } }),
      goUnassigned: () => void navigate({ to: '/inbox/$view', params: { view: 'unassigned' } }),
      goNotices: () => noticesOpen.set(true),
      map: () => overlay.set('map'),
      palette: () => overlay.set('palette'),
    };
    const onKey = (event: KeyboardEvent) => {
      const fresh = pending.current && event.timeStamp - pending.current.at < PAIR_MS;
      const outcome = readKey(event, {
        inField: isField(document.activeElement) || document.querySelector('dialog[open]') !== null,
        singleKeys: singleKeys.get(),
        pendingKey: fresh ? (pending.current?.key ?? null) : null,
      });
      pending.current = outcome.pendingKey ? { key: outcome.pendingKey, at: event.timeStamp } : null;
      if (
        !outcome.command ||
        (event.repeat !== false && outcome.command !== 'next' && outcome.command !== 'previous')
      )
        return;
      event.preventDefault();
      run[outcome.command]();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, threadId]);

  const close = () => overlay.set(null);
  if (open === 'map') return <KeyboardMap onClose={close} />;
  if (open === 'palette') return <Palette view={view} onClose={close} />;
  return null;
}

function focus(selector: string): void {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}
