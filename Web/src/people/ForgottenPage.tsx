import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { entry } from '../api/people';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Field } from '../shared/ui/Field';
import { EntryPage, Notice } from './EntryPage';
import styles from './SignInPage.module.css';

/** Asks for a link by mail. What is said afterwards is the same whether the address is known or not. */
export function ForgottenPage() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  return (
    <EntryPage title={t('forgotten.title')} lead={t('forgotten.lead')}>
      {problem && <Notice text={problem} />}
      {sent ? (
        <Notice calm text={t('forgotten.sent')} />
      ) : (
        <form
          className={styles.fields}
          onSubmit={(event) => {
            event.preventDefault();
            setProblem(null);
            entry.forgotten(email).then(
              () => setSent(true),
              (error) => setProblem(errorText(t, error)),
            );
          }}
        >
          <Field
            label={t('signIn.email')}
            type="email"
            required
            autoComplete="username"
            data-testid="forgotten-email"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button look="primary" type="submit" className={styles.submit} data-testid="forgotten-submit">
            {t('forgotten.submit')}
          </Button>
        </form>
      )}
      <Link to="/sign-in">{t('forgotten.back')}</Link>
    </EntryPage>
  );
}
