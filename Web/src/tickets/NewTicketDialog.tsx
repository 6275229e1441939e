import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tickets } from '../api/endpoints';
import { ProblemError } from '../api/problem';
import { contacts } from '../api/records';
import { type Priority, priorities } from '../api/types';
import { newKey } from '../composer/outbox';
import { errorText } from '../shared/errorText';
import { Avatar } from '../shared/ui/Avatar';
import { Button, IconButton } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field, SelectField, TextField } from '../shared/ui/Field';
import { FormFoot, Problem } from '../shared/ui/Form';
import { threadKeys } from '../threads/queries';
import own from './NewTicketDialog.module.css';
import { assignment, useAssignees } from './owners';
import styles from './ValuesDialog.module.css';

interface Whom {
  id: string;
  name: string;
}

/** A ticket that no conversation began: what it is about, for whom, and who has it. */
export function NewTicketDialog({ view, onClose }: { view: string; onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const assignees = useAssignees();
  // Of this dialog: however often it is sent, it is one ticket.
  const key = useRef(newKey());
  const [subject, setSubject] = useState('');
  const [description, setDescription] = useState('');
  const [whom, setWhom] = useState<Whom | null>(null);
  const [priority, setPriority] = useState<Priority>('normal');
  const [owner, setOwner] = useState('none');
  const [problem, setProblem] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setSaving(true);
    setProblem(null);
    const to = assignees.find((one) => one.key === owner)?.value ?? { kind: 'nobody' };
    const { ownerId, teamId } = assignment(to);
    try {
      const made = await tickets.create(
        {
          subject: subject.trim(),
          contactId: whom?.id,
          description: description.trim() || undefined,
          priority: priority === 'normal' ? undefined : priority,
          ownerId: ownerId ?? undefined,
          teamId: teamId ?? undefined,
        },
        key.current,
      );
      void queryClient.invalidateQueries({ queryKey: threadKeys.counts });
      onClose();
      await navigate({ to: '/inbox/$view/$threadId', params: { view, threadId: made.threadId ?? made.id } });
      void queryClient.invalidateQueries({ queryKey: threadKeys.list(view) });
    } catch (error) {
      // Refused is not done: what is sent next may be something else. Anything else may have happened: the same again is one ticket.
      if (error instanceof ProblemError && error.problem.status < 500) key.current = newKey();
      setProblem(error);
      setSaving(false);
    }
  };
  return (
    <Dialog title={t('desk.new')} lead={t('desk.newLead')} onClose={onClose}>
      <form className={styles.form} onSubmit={save} data-testid="ticket-dialog">
        <Field
          label={t('ticket.subject')}
          value={subject}
          maxLength={200}
          required
          dir="auto"
          data-autofocus
          data-testid="ticket-new-subject"
          onChange={(event) => setSubject(event.target.value)}
        />
        <TextField
          label={t('desk.description')}
          rows={4}
          value={description}
          maxLength={10_000}
          data-testid="ticket-new-description"
          onChange={(event) => setDescription(event.target.value)}
        />
        <WhomField whom={whom} onChange={setWhom} />
        <div className={own.pair}>
          <SelectField
            label={t('ticket.owner')}
            value={owner}
            data-testid="ticket-new-owner"
            onChange={(event) => setOwner(event.target.value)}
          >
            {assignees.map((one) => (
              <option key={one.key} value={one.key}>
                {one.label}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('ticket.priority')}
            value={priority}
            onChange={(event) => setPriority(event.target.value as Priority)}
          >
            {priorities.map((one) => (
              <option key={one} value={one}>
                {t(`ticket.priorities.${one}`)}
              </option>
            ))}
          </SelectField>
        </div>
        {problem !== null && <Problem>{errorText(t, problem)}</Problem>}
        <FormFoot>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
          <Button
            type="submit"
            look="primary"
            disabled={saving || !subject.trim()}
            data-testid="ticket-new-save"
          >
            {t('desk.create')}
          </Button>
        </FormFoot>
      </form>
    </Dialog>
  );
}

/** A contact, found by name or number; or nobody. */
function WhomField({ whom, onChange }: { whom: Whom | null; onChange: (whom: Whom | null) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['contacts', 'pick', asked],
    queryFn: ({ signal }) => contacts.list({ q: asked, limit: 6 }, signal),
    enabled: asked.length > 0,
  }).data?.items;
  if (whom)
    return (
      <div className={own.chosen}>
        <Avatar id={whom.id} name={whom.name} size="small" />
        <span dir="auto">{whom.name}</span>
        <IconButton icon="close" size={16} label={t('desk.otherContact')} onClick={() => onChange(null)} />
      </div>
    );
  return (
    <div>
      <Field
        label={t('desk.contact')}
        hint={t('desk.contactHint')}
        value={typed}
        type="search"
        dir="auto"
        data-testid="ticket-new-contact"
        onChange={(event) => setTyped(event.target.value)}
      />
      {asked && found && (
        <ul className={own.found} aria-label={t('desk.contact')}>
          {found.length === 0 && <li>{t('desk.noContact')}</li>}
          {found.map(({ id, name }) => (
            <li key={id}>
              <button type="button" data-testid="ticket-contact" onClick={() => onChange({ id, name })}>
                <Avatar id={id} name={name} size="small" />
                <span dir="auto">{name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
