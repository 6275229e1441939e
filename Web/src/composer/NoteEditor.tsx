import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notes } from '../api/endpoints';
import type { Thread } from '../api/types';
import { messageKeys, storeMessage } from '../messages/queries';
import { useMe } from '../people/queries';
import { number } from '../shared/dates';
import { errorText } from '../shared/errorText';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Menu } from '../shared/ui/Menu';
import { toast } from '../shared/ui/Toast';
import { useAgents } from '../tickets/queries';
import styles from './Composer.module.css';
import { noteKey, useDraft } from './drafts';
import { newKey } from './outbox';
import { effectiveSendKey, sends } from './sendKey';

const LIMIT = 10_000;

/** The agents whose names stand behind an @ in the text. */
export function mentionsIn(text: string, agents: { id: string; name: string }[]): string[] {
  return agents.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
}

/** For colleagues only: own colour, own button, own words, so that nobody takes it for a reply. */
export function NoteEditor({ thread, focused = true }: { thread: Thread; focused?: boolean }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { agent } = useMe();
  const agents = useAgents();
  const input = useRef<HTMLTextAreaElement>(null);
  const { draft, setText } = useDraft(agent.id, noteKey(thread.id));
  const [naming, setNaming] = useState<{ at: number } | null>(null);
  // Kept until the note is stored: tried again, it is the same note.
  const key = useRef<string | null>(null);
  const [saving, setSaving] = useState(false);
  const text = draft?.text ?? '';
  const over = text.length - LIMIT;
  const canAdd = text.trim() !== '' && over <= 0 && !saving;

  useEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const add = async () => {
    if (!canAdd) return;
    key.current ??= newKey();
    setSaving(true);
    try {
      const note = { text: text.trim(), mentions: mentionsIn(text, agents) };
      const stored = await notes.add(thread.id, note, key.current);
      key.current = null;
      setText('');
      storeMessage(queryClient, thread.id, stored);
      void queryClient.invalidateQueries({ queryKey: messageKeys.list(thread.id) });
    } catch (error) {
      toast(errorText(t, error));
    } finally {
      setSaving(false);
      input.current?.focus();
    }
  };

  const change = (next: string, caret: number) => {
    key.current = null;
    setText(next);
    // An @ at the beginning of a word asks for a colleague.
    if (next.length > text.length && next[caret - 1] === '@' && !/\S/.test(next[caret - 2] ?? ' '))
      setNaming({ at: caret });
  };

  const name = (who: string) => {
    if (!naming) return;
    const next = `${text.slice(0, naming.at)}${who} ${text.slice(naming.at)}`;
    setText(next);
    const caret = naming.at + who.length + 1;
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(caret, caret);
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { nativeEvent } = event;
    if (sends(nativeEvent, effectiveSendKey(agent))) {
      event.preventDefault();
      if (!nativeEvent.repeat) void add();
    } else if (event.key === 'Escape' && !nativeEvent.isComposing) event.currentTarget.blur();
  };

  return (
    <section className={`${styles.composer} ${styles.note}`}>
      <textarea
        ref={input}
        className={styles.input}
        rows={2}
        value={text}
        dir="auto"
        aria-label={t('note.label', { name: thread.contact.name })}
        placeholder={t('note.placeholder')}
        data-testid="note-input"
        onChange={(event) => change(event.target.value, event.target.selectionStart)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.bar}>
        <IconButton
          icon="at"
          label={t('note.mention')}
          onClick={() => {
            const caret = input.current?.selectionStart ?? text.length;
            setText(`${text.slice(0, caret)}@${text.slice(caret)}`);
            setNaming({ at: caret + 1 });
          }}
        />
        <span className={styles.hint}>{t('note.hint')}</span>
        <span className={styles.sending}>
          {over > 0 && (
            <span className={`${styles.count} ${styles.over}`} role="status">
              {t('note.tooLong', { count: over, over: number(over) })}
            </span>
          )}
          <Button
            className={styles.noteSend}
            aria-disabled={!canAdd}
            data-testid="note-add"
            onClick={() => void add()}
          >
            <Icon name="note" size={16} />
            {t('note.add')}
          </Button>
        </span>
      </div>
      {naming && (
        <Menu
          anchor={input}
          side="top"
          label={t('note.mention')}
          options={agents.map((other) => ({ key: other.id, value: other.name, label: other.name }))}
          searchable
          onChoose={name}
          onClose={() => setNaming(null)}
        />
      )}
    </section>
  );
}
