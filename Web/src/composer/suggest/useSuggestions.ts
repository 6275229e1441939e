import { type ChangeEvent, type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../../api/types';
import { useMacros } from '../../macros/queries';
import { useKnown } from '../../templates/queries';
import { findEmoji } from '../emoji';
import { type Trigger, triggerAt } from './trigger';

export interface Suggestion {
  key: string;
  label: string;
  note?: string;
  /** What takes the place of what was typed. */
  insert: string;
}

const MOST = 7;

/** What is offered while somebody writes: emoji after ":", the account's snippets after "/", what is known of the customer after "{". */
export function useSuggestions(thread: Thread, onChoose: (trigger: Trigger, insert: string) => void) {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [at, setAt] = useState(0);
  const listId = useId();
  const items = useItems(thread, trigger).slice(0, MOST);
  const current = Math.min(at, items.length - 1);

  const choose = (item: Suggestion) => {
    if (trigger) onChoose(trigger, item.insert);
    setTrigger(null);
  };

  return {
    items,
    current,
    listId,
    choose,
    close: () => setTrigger(null),
    /** To be told of every change. An input method's half-written words begin nothing. */
    onChange({ target, nativeEvent }: ChangeEvent<HTMLTextAreaElement>) {
      const composing = (nativeEvent as InputEvent).isComposing;
      setTrigger(composing ? null : triggerAt(target.value, target.selectionStart));
      setAt(0);
    },
    /** True where the key was for the list. */
    onKeyDown(event: KeyboardEvent): boolean {
      const item = items[current];
      if (!item || event.nativeEvent.isComposing) return false;
      if (event.key === 'ArrowDown') setAt((current + 1) % items.length);
      else if (event.key === 'ArrowUp') setAt((current + items.length - 1) % items.length);
      else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') choose(item);
      else if (event.key === 'Escape') setTrigger(null);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

function useItems(thread: Thread, trigger: Trigger | null): Suggestion[] {
  const { t } = useTranslation();
  const macros = useMacros(trigger?.kind === 'snippet').data ?? [];
  const known = useKnown(thread.id, trigger?.kind === 'value').data?.known ?? {};
  if (!trigger) return [];
  const query = trigger.query.toLowerCase();
  switch (trigger.kind) {
    case 'emoji':
      return findEmoji(query.replaceAll('_', ' ')).map(({ character, words }) => ({
        key: character,
        label: `${character} ${words.split(' ')[0]}`,
        insert: character,
      }));
    case 'snippet':
      return macros.flatMap(({ id, name, actions: { snippet } }) =>
        snippet && name.toLowerCase().includes(query)
          ? [{ key: id, label: name, note: snippet, insert: snippet }]
          : [],
      );
    case 'value':
      return Object.entries(known).flatMap(([name, value]) => {
        const label = t(`templates.placeholder.${name}` as 'templates.placeholder.contact.name');
        const fits = name.includes(query) || label.toLowerCase().includes(query);
        return value && fits ? [{ key: name, label, note: value, insert: value }] : [];
      });
  }
}
