import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ThreadFilter } from '../api/types';
import { useStore } from '../shared/store';
import { requestTemplates } from '../templates/request';
import { moveMark } from '../threads/markedRow';
import { KeyboardMap } from './KeyboardMap';
import { type Command, isField, readKey } from './keymap';
import { overlay } from './overlay';
import { Palette } from './Palette';
import { singleKeys } from './settings';

/** How long a first key (G) waits for its second. */
const PAIR_MS = 1200;

/** Listens to the whole page, and shows what the keys open over it. */
export function Shortcuts({ view }: { view: ThreadFilter }) {
  const navigate = useNavigate();
  const open = useStore(overlay);
  const pending = useRef<{ key: string; at: number } | null>(null);

  useEffect(() => {
    const run: Record<Command, () => void> = {
      next: () => moveMark(1),
      previous: () => moveMark(-1),
      reply: () => focus('[data-composer]'),
      template: requestTemplates,
      search: () => focus('[data-search]'),
      goAll: () => void navigate({ to: '/inbox/$view', params: { view: 'all' } }),
      goUnread: () => void navigate({ to: '/inbox/$view', params: { view: 'unread' } }),
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
  }, [navigate]);

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
