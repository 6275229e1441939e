import { type ClipboardEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread } from '../api/types';
import { useChannel } from '../channels/queries';
import { useFeedState } from '../live/LiveProvider';
import { tellTyping } from '../live/presence';
import { QuoteWords } from '../messages/Quote';
import { useMe } from '../people/queries';
import { number } from '../shared/dates';
import { Button, IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { AttachmentTray } from './AttachmentTray';
import { Tray, useAttachments } from './attachments';
import styles from './Composer.module.css';
import { useDraft } from './drafts';
import { EmojiButton } from './EmojiPicker';
import { kinds } from './files';
import { InsertButton } from './insert/InsertButton';
import { type Edit, insertAt, type MarkName, toggleMark } from './marks';
import type { Outbox } from './outbox';
import { setReplyTo, useReplyTo } from './replyTo';
import { ScheduleButton } from './ScheduleButton';
import { effectiveSendKey, isMac, modifierName, sends } from './sendKey';
import { CAPTION_LIMIT, sendReply, TEXT_LIMIT } from './sendReply';
import { Suggestions } from './suggest/Suggestions';
import { useSuggestions } from './suggest/useSuggestions';
import { VoiceButton } from './voice/VoiceButton';

interface Props {
  thread: Thread;
  outbox: Outbox;
  onTemplate: () => void;
}

const formats: { mark: MarkName; icon: 'bold' | 'italic' | 'strike' | 'code' }[] = [
  { mark: 'bold', icon: 'bold' },
  { mark: 'italic', icon: 'italic' },
  { mark: 'strike', icon: 'strike' },
  { mark: 'mono', icon: 'code' },
];
/** The count is shown from this share of the limit on. */
const NEAR = 0.9;

/** Plain text as WhatsApp has it: markers are written, an input method is never interrupted. */
export function Editor({ thread, outbox, onTemplate }: Props) {
  const { t } = useTranslation();
  const { agent } = useMe();
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft, othersBegun, setText } = useDraft(agent.id, thread.id);
  const files = useAttachments(agent.id, thread.id);
  const tray = new Tray(agent.id, thread.id);
  const [restored] = useState(draft !== null || files.length > 0);
  const { data: channel } = useChannel(thread.channelId);
  const live = useFeedState() === 'live';

  const text = draft?.text ?? '';
  const isCaption = files.some(({ kind }) => kinds[kind].caption);
  const limit = isCaption ? CAPTION_LIMIT : TEXT_LIMIT;
  const over = text.length - limit;
  const uploading = files.some(({ state }) => state.kind === 'uploading' || state.kind === 'shrinking');
  const stuck = files.some(({ state }) => state.kind !== 'ready');
  const paused = channel?.state === 'disconnected';
  const canSend = live && !paused && !stuck && over <= 0 && (text.trim() !== '' || files.length > 0);
  const sendKey = effectiveSendKey(agent);

  const replyTo = useReplyTo(thread.id);

  useAutoGrow(input, text);

  const send = (sendAt?: string) => {
    if (!canSend) return;
    sendReply(outbox, agent.id, thread.id, text, files, sendAt);
    input.current?.focus();
  };

  /** Changes the text around the caret and keeps the caret where the hand expects it. */
  const edit = (change: (before: Edit) => Edit) => {
    const element = input.current;
    if (!element || !live) return;
    const after = change({ text, start: element.selectionStart, end: element.selectionEnd });
    setText(after.text);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(after.start, after.end);
    });
  };

  const suggestions = useSuggestions(thread, ({ from, query }, insert) =>
    edit((before) => insertAt({ ...before, start: from, end: from + query.length + 1 }, insert)),
  );

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { nativeEvent } = event;
    if (suggestions.onKeyDown(event)) return;
    if (sends(nativeEvent, sendKey)) {
      event.preventDefault();
      if (!nativeEvent.repeat) send();
    } else if (event.key === 'Escape' && !nativeEvent.isComposing && replyTo) {
      setReplyTo(thread.id, null);
    } else if (event.key === 'Escape' && !nativeEvent.isComposing) {
      event.currentTarget.blur();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0 || !live) return;
    event.preventDefault();
    tray.attach(pasted, t);
  };

  const mod = modifierName();
  const enterKeys = isMac() ? '⌘↵' : 'Ctrl ↵';
  return (
    <section className={`${styles.composer} ${live ? '' : styles.off}`}>
      <div className={styles.top}>
        <span className={styles.channel}>
          <Icon name="chat" size={15} />
          WhatsApp
        </span>
        {channel && (
          <span className={styles.from}>
            {t('composer.from', { name: channel.name, number: channel.displayPhoneNumber })}
          </span>
        )}
      </div>
      {replyTo && (
        <div className={styles.replyTo} data-testid="reply-to">
          <Icon name="reply" size={16} />
          <span>
            <QuoteWords
              quoted={{ ...replyTo, fileName: replyTo.media?.fileName ?? null }}
              customerName={thread.contact.name}
            />
          </span>
          <IconButton
            icon="close"
            size={14}
            label={t('composer.noReplyTo')}
            onClick={() => setReplyTo(thread.id, null)}
          />
        </div>
      )}
      <Suggestions {...suggestions} />
      {files.length > 0 && <AttachmentTray tray={tray} items={files} />}
      {files.length > 1 && isCaption && <p className={styles.hint}>{t('composer.captionHint')}</p>}
      <textarea
        ref={input}
        className={styles.input}
        rows={1}
        value={text}
        // Read-only rather than disabled while reconnecting: caret and half-written words stay where they are.
        readOnly={!live}
        aria-disabled={!live}
        dir="auto"
        aria-label={t('composer.label', { name: thread.contact.name })}
        placeholder={t(isCaption ? 'composer.captionPlaceholder' : 'composer.placeholder')}
        title={t(sendKey === 'enter' ? 'composer.hintEnter' : 'composer.hintCtrlEnter', { mod })}
        data-testid="composer-input"
        data-composer
        aria-controls={suggestions.items.length > 0 ? suggestions.listId : undefined}
        aria-activedescendant={
          suggestions.items.length > 0 ? `${suggestions.listId}-${suggestions.current}` : undefined
        }
        onBlur={suggestions.close}
        onChange={(event) => {
          suggestions.onChange(event);
          setText(event.target.value);
          tellTyping(thread.id);
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <div className={styles.bar}>
        <IconButton
          icon="clip"
          label={t('composer.attach')}
          disabled={!live}
          data-testid="composer-attach"
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('composer.attach')}
          onChange={(event) => {
            tray.attach([...(event.target.files ?? [])], t);
            event.target.value = '';
          }}
        />
        <VoiceButton
          disabled={!live}
          onRecorded={(recording) =>
            tray.attachRecording(
              recording,
              t(recording.kind === 'voice' ? 'voice.name' : 'voice.namePlain'),
              t,
            )
          }
        />
        <InsertButton thread={thread} outbox={outbox} disabled={!live || paused} />
        <EmojiButton disabled={!live} onChoose={(emoji) => edit((before) => insertAt(before, emoji))} />
        <IconButton
          icon="template"
          label={t('composer.template')}
          keys="W"
          data-testid="template-open"
          onClick={onTemplate}
        />
        <span className={`${styles.gap} ${styles.optional}`} />
        {formats.map(({ mark, icon }) => (
          <IconButton
            key={mark}
            className={styles.optional}
            icon={icon}
            size={16}
            label={t(`composer.${mark}`)}
            disabled={!live}
            onClick={() => edit((before) => toggleMark(before, mark))}
          />
        ))}
        <span className={styles.sending}>
          {text.length > limit * NEAR && (
            <span className={`${styles.count} ${over > 0 ? styles.over : ''}`} role="status">
              {over > 0
                ? t('composer.tooLong', { count: over, over: number(over), limit: number(limit) })
                : t('composer.count', { count: number(text.length), limit: number(limit) })}
            </span>
          )}
          <ScheduleButton disabled={!canSend} endsAt={thread.session.endsAt} onSchedule={send} />
          <Button
            look="primary"
            className={styles.send}
            aria-disabled={!canSend}
            data-testid="composer-send"
            onClick={() => send()}
          >
            <span>
              {uploading
                ? t('attach.wait')
                : agent.inTraining
                  ? t('approvals.send')
                  : othersBegun || restored
                    ? t('composer.sendTo', { name: thread.contact.name })
                    : t('composer.send')}
            </span>
            <span aria-hidden="true">
              <kbd>{sendKey === 'enter' ? '↵' : enterKeys}</kbd>
            </span>
          </Button>
        </span>
      </div>
    </section>
  );
}

function useAutoGrow(input: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [input, text]);
}
