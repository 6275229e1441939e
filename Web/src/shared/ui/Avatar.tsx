import styles from './Avatar.module.css';

const COLOURS = 8;

/** Stable for a person: the same id has the same colour everywhere. */
export function colourOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % COLOURS;
}

/** Family name's first character in Japanese, Chinese and Korean, else up to two initials. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const firstCharacter = Array.from(first)[0] ?? '';
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(firstCharacter)) {
    return firstCharacter;
  }
  // A number has no initials; its last two digits tell people apart.
  if (/^[+\d(]/.test(first)) return name.replace(/\D/g, '').slice(-2);
  const last = words.length > 1 ? (Array.from(words[words.length - 1] ?? '')[0] ?? '') : '';
  return (firstCharacter + last).toUpperCase();
}

interface Props {
  /** Null: nobody in particular. */
  id: string | null;
  name: string;
  size?: 'small' | 'large';
  /** The channel's mark. */
  whatsapp?: boolean;
}

export function Avatar({ id, name, size, whatsapp }: Props) {
  const classes = [styles.avatar, styles[`c${colourOf(id ?? '')}`], size && styles[size]];
  return (
    <span className={classes.filter(Boolean).join(' ')} aria-hidden="true">
      {initialsOf(name)}
      {whatsapp && (
        <span className={styles.mark}>
          <WhatsAppMark />
        </span>
      )}
    </span>
  );
}

/** A speech bubble with a handset: says "WhatsApp" without being Meta's logo. */
function WhatsAppMark() {
  return (
    <svg
      width="9"
      height="9"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="3.2"
      aria-hidden="true"
    >
      <path
        d="M8.500 5.500c-2 .6-3 2.300-2.300 4.600 1.300 4 3.800 6.500 7.800 7.800 2.300.7 4-.3 4.600-2.300l-3.400-2.100-1.800 1.500c-1.900-.8-3.500-2.400-4.300-4.300l1.500-1.800z"
        strokeLinejoin="round"
      />
    </svg>
  );
}
