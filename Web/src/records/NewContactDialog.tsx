import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemError } from '../api/problem';
import { type ContactField, contacts } from '../api/records';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Dialog } from '../shared/ui/Dialog';
import { Field } from '../shared/ui/Field';
import { settle } from './change';
import styles from './Records.module.css';

const asked = [
  'familyName',
  'givenName',
  'familyReading',
  'givenReading',
  'phone',
  'mobilePhone',
  'email',
  'honorific',
] as const satisfies ContactField[];

/** A contact made by hand; the rest is written on its page. */
export function NewContactDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState<Partial<Record<ContactField, string>>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const field = problem instanceof ProblemError ? problem.problem.field : undefined;
  const save = async () => {
    setSaving(true);
    try {
      const made = await contacts.create(values);
      settle(queryClient, made);
      await navigate({ to: '/contacts/$contactId', params: { contactId: made.id } });
    } catch (error) {
      setProblem(error);
      setSaving(false);
    }
  };
  return (
    <Dialog title={t('record.newContact')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {asked.map((key, index) => (
          <Field
            key={key}
            label={t(`record.fields.${key}`)}
            value={values[key] ?? ''}
            maxLength={key === 'email' ? 254 : 100}
            inputMode={key === 'phone' || key === 'mobilePhone' ? 'tel' : undefined}
            dir="auto"
            data-autofocus={index === 0 ? true : undefined}
            data-testid={`new-${key}`}
            problem={field === key ? errorText(t, problem) : null}
            onChange={(event) => setValues({ ...values, [key]: event.target.value })}
          />
        ))}
        {problem !== null && field === undefined && (
          <p className={styles.problem} role="alert">
            {problem instanceof ProblemError && problem.code === 'bad_request'
              ? t('record.nameNeeded')
              : errorText(t, problem)}
          </p>
        )}
        <div className={styles.actions}>
          <Button look="primary" type="submit" disabled={saving} data-testid="contact-create">
            {t('record.create')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
