import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Thread, Ticket, TicketChange } from '../api/types';
import { SkillNeeds } from '../assignment/SkillNeeds';
import { useMayReply } from '../people/may';
import { duration, exact, number } from '../shared/dates';
import { IconButton } from '../shared/ui/Button';
import { Icon } from '../shared/ui/Icon';
import { Menu } from '../shared/ui/Menu';
import { changeTicket } from './change';
import { MergePick } from './MergePick';
import { OwnPropertyRows } from './OwnPropertyRows';
import { useTicketDetails, useTicketWords } from './queries';
import styles from './TicketDetails.module.css';
import { LONGEST_CATEGORY, LONGEST_TAG } from './words';

/** What the ticket is about, and what WhatsApp tells of it. */
export function TicketDetails({ thread, ticket }: { thread: Thread; ticket: Ticket }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const words = useTicketWords();
  const details = useTicketDetails(ticket.id, thread.version);
  const change = (what: TicketChange) =>
    changeTicket(queryClient, t, thread, what, { told: t('ticket.saved'), openId: thread.id });
  const facts = details?.whatsApp;
  const mayReply = useMayReply();
  return (
    <fieldset className={styles.plain} disabled={!mayReply}>
      <dl className={styles.facts}>
        <dt>{t('ticket.number')}</dt>
        <dd>#{ticket.number}</dd>
        <dt>{t('ticket.subject')}</dt>
        <dd>
          <Subject value={ticket.subject} onChange={(subject) => change({ subject })} />
        </dd>
        <dt>{t('ticket.category')}</dt>
        <dd>
          <Choose
            label={t('ticket.category')}
            testId="ticket-category"
            text={ticket.category ?? t('ticket.none')}
            options={words?.categories ?? []}
            chosen={ticket.category}
            longest={LONGEST_CATEGORY}
            onChoose={(category) => change({ category })}
          />
        </dd>
        <dt>{t('ticket.needs')}</dt>
        <dd>
          <SkillNeeds needs={ticket.skills} onChange={(skills) => change({ skills })} />
        </dd>
        <dt>{t('ticket.tags')}</dt>
        <dd className={styles.tags}>
          {ticket.tags.map((tag) => (
            <span key={tag} className={styles.tag} data-testid="ticket-tag">
              {tag}
              <button
                type="button"
                aria-label={t('ticket.removeTag', { tag })}
                onClick={() => change({ removeTags: [tag] })}
              >
                <Icon name="close" size={12} />
              </button>
            </span>
          ))}
          <Choose
            label={t('ticket.addTag')}
            testId="ticket-add-tag"
            text={t('ticket.addTag')}
            options={(words?.tags ?? []).filter((tag) => !ticket.tags.includes(tag))}
            chosen={null}
            longest={LONGEST_TAG}
            onChoose={(tag) => tag && change({ addTags: [tag] })}
          />
        </dd>
        <dt>{t('merge.label')}</dt>
        <dd>
          <MergePick thread={thread} ticket={ticket} />
        </dd>
      </dl>
      <OwnPropertyRows ticket={ticket} onChange={change} />
      {details && !facts && (
        <dl className={styles.facts} data-testid="ticket-facts">
          <dt>{t('ticket.opened')}</dt>
          <dd>{exact(details.openedAt)}</dd>
          <dt>{t('ticket.source')}</dt>
          <dd>{t(`choices.ticket_source.${details.source}`)}</dd>
        </dl>
      )}
      {details && facts && (
        <dl className={styles.facts} data-testid="ticket-facts">
          <dt>{t('ticket.opened')}</dt>
          <dd>{exact(details.openedAt)}</dd>
          <dt>{t('ticket.source')}</dt>
          <dd>{t(`choices.ticket_source.${details.source}`)}</dd>
          <dt>{t('ticket.channelNumber')}</dt>
          <dd>{facts.channelNumber}</dd>
          {facts.firstResponseSeconds !== null && (
            <>
              <dt>{t('ticket.firstResponse')}</dt>
              <dd>{duration(facts.firstResponseSeconds)}</dd>
            </>
          )}
          {facts.lastInboundAt && (
            <>
              <dt>{t('ticket.lastInbound')}</dt>
              <dd>{exact(facts.lastInboundAt)}</dd>
            </>
          )}
          {facts.lastOutboundAt && (
            <>
              <dt>{t('ticket.lastOutbound')}</dt>
              <dd>{exact(facts.lastOutboundAt)}</dd>
            </>
          )}
          <dt>{t('contact.received')}</dt>
          <dd>{number(facts.received)}</dd>
          <dt>{t('contact.sentOut')}</dt>
          <dd>{number(facts.sent)}</dd>
          {facts.lastTemplate && (
            <>
              <dt>{t('ticket.lastTemplate')}</dt>
              <dd>{facts.lastTemplate.name}</dd>
            </>
          )}
        </dl>
      )}
    </fieldset>
  );
}

const LONGEST = 200;

interface SubjectProps {
  value: string | null;
  /** False: it was refused. */
  onChange: (value: string | null) => Promise<boolean>;
}

/** What is typed takes the place of the subject that one saw; where somebody has changed that meanwhile, one is told first. */
function Subject({ value, onChange }: SubjectProps) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const [seen, setSeen] = useState(value);
  const [told, setTold] = useState(false);
  const begin = (words: string) => {
    setSeen(value);
    setText(words);
  };
  if (text === null) {
    return (
      <span className={styles.edit}>
        <span dir="auto">{value ?? t('ticket.none')}</span>
        <IconButton
          icon="edit"
          size={14}
          label={t('ticket.editSubject')}
          data-testid="ticket-subject-edit"
          onClick={() => begin(value ?? '')}
        />
      </span>
    );
  }
  const end = () => {
    setText(null);
    setTold(false);
  };
  const save = () => {
    const wanted = text.trim() || null;
    if (wanted === value || wanted === seen) end();
    else if (value !== seen) {
      setSeen(value);
      setTold(true);
    } else {
      end();
      // Refused, so that what was typed is not lost: the next try is made on what is there then.
      void onChange(wanted).then((done) => done || setText(wanted ?? ''));
    }
  };
  return (
    <>
      <input
        className={styles.field}
        aria-label={t('ticket.subject')}
        aria-invalid={told || undefined}
        value={text}
        maxLength={LONGEST}
        data-testid="ticket-subject"
        // biome-ignore lint/a11y/noAutofocus: it was asked for by the button that it takes the place of.
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onBlur={() => told || save()}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') save();
          if (event.key === 'Escape') end();
        }}
      />
      {told && (
        <p className={styles.told} role="alert" data-testid="ticket-subject-changed">
          {t('ticket.subjectChanged', { subject: value ?? t('ticket.none') })}
        </p>
      )}
    </>
  );
}

interface ChooseProps {
  label: string;
  testId: string;
  text: string;
  options: string[];
  chosen: string | null;
  longest: number;
  onChoose: (value: string | null) => void;
}

/** One of the words in use, or a new one. */
function Choose({ label, testId, text, options, chosen, longest, onChoose }: ChooseProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const list: { key: string; value: string | null; label: string }[] = options.map((word) => ({
    key: word,
    value: word,
    label: word,
  }));
  if (chosen !== null) list.unshift({ key: '', value: null, label: t('ticket.none') });
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.choose}
        aria-haspopup="listbox"
        aria-expanded={open}
        data-testid={testId}
        onClick={() => setOpen(!open)}
      >
        {text}
      </button>
      {open && (
        <Menu
          anchor={button}
          label={label}
          options={list}
          chosen={chosen}
          searchable
          onTyped={onChoose}
          longest={longest}
          onChoose={onChoose}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
