import { type InputHTMLAttributes, type Ref, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../shared/ui/Button';
import styles from './SignInPage.module.css';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  problem?: string | null;
  ref?: Ref<HTMLInputElement>;
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ label, hint, problem, ...rest }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.control}>
        <input
          id={id}
          type={shown ? 'text' : 'password'}
          aria-invalid={problem ? true : undefined}
          aria-describedby={hint || problem ? `${id}-note` : undefined}
          {...rest}
        />
        <IconButton
          className={styles.reveal}
          icon={shown ? 'eyeOff' : 'eye'}
          label={t(shown ? 'signIn.hidePassword' : 'signIn.showPassword')}
          onClick={() => setShown(!shown)}
        />
      </span>
      {(problem || hint) && (
        <span id={`${id}-note`} className={problem ? styles.hint : styles.note}>
          {problem ?? hint}
        </span>
      )}
    </div>
  );
}
