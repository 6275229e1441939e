import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import styles from './Field.module.css';

interface Around {
  label: string;
  /** A sentence below it. */
  hint?: ReactNode;
  /** What is wrong with what was entered. */
  problem?: string | null;
}

interface FieldProps extends Around, Omit<InputHTMLAttributes<HTMLInputElement>, 'children'> {
  ref?: Ref<HTMLInputElement>;
  /** Stands at the field's end, such as a button. */
  children?: ReactNode;
}

/** A line of text with its label, a hint, and what is wrong with it. */
export function Field({ label, hint, problem, children, ...rest }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.control}>
        <input
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={hint || problem ? note : undefined}
          {...rest}
        />
        {children}
      </span>
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

interface TextProps extends Around, TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
  /** Stands below the field. */
  children?: ReactNode;
}

/** Several lines of text with their label. */
export function TextField({ label, hint, problem, children, ...rest }: TextProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <textarea
        id={id}
        className={styles.text}
        dir="auto"
        aria-invalid={problem ? true : undefined}
        aria-describedby={hint || problem ? note : undefined}
        {...rest}
      />
      {children}
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

interface SelectProps extends Around, SelectHTMLAttributes<HTMLSelectElement> {
  children: ReactNode;
}

export function SelectField({ label, hint, problem, children, ...rest }: SelectProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.control}>
        <select id={id} aria-describedby={hint || problem ? note : undefined} {...rest}>
          {children}
        </select>
      </span>
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

function Note({ id, hint, problem }: { id: string; hint?: ReactNode; problem?: string | null }) {
  if (problem)
    return (
      <span id={id} className={styles.problem} role="alert">
        {problem}
      </span>
    );
  return hint ? (
    <span id={id} className={styles.hint}>
      {hint}
    </span>
  ) : null;
}

interface CheckProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

/** One thing that is on or off, with what it means. */
export function Check({ label, hint, ...rest }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

interface CheckListProps {
  label: string;
  options: { value: string; label: string; note?: string }[];
  chosen: string[];
  /** What stands there where there is nothing to choose. */
  empty: string;
  onChange: (chosen: string[]) => void;
}

/** Any of several. */
export function CheckList({ label, options, chosen, empty, onChange }: CheckListProps) {
  return (
    <fieldset className={styles.list}>
      <legend>{label}</legend>
      {options.length === 0 && <p className={styles.hint}>{empty}</p>}
      {options.map((option) => (
        <Check
          key={option.value}
          label={option.label}
          hint={option.note}
          checked={chosen.includes(option.value)}
          onChange={(event) =>
            onChange(
              event.target.checked
                ? [...chosen, option.value]
                : chosen.filter((value) => value !== option.value),
            )
          }
        />
      ))}
    </fieldset>
  );
}
