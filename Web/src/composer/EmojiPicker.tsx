import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../shared/ui/Button';
import { Popover } from '../shared/ui/Popover';
import styles from './EmojiPicker.module.css';
import { type Emoji, emojiGroups, findEmoji } from './emoji';

/** Opens the picker; stays open for several, Escape or a click elsewhere closes it. */
export function EmojiButton({
  disabled,
  onChoose,
}: {
  disabled: boolean;
  onChoose: (emoji: string) => void;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        ref={button}
        icon="smile"
        label={t('composer.emoji')}
        aria-haspopup="dialog"
        aria-expanded={open}
        disabled={disabled}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popover anchor={button} label={t('composer.emoji')} side="top" onClose={() => setOpen(false)}>
          <Picker
            onChoose={(emoji) => {
              setOpen(false);
              onChoose(emoji);
            }}
          />
        </Popover>
      )}
    </>
  );
}

function Picker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const found = query.trim() ? findEmoji(query) : null;
  return (
    <div className={styles.picker}>
      <input
        className={styles.search}
        data-autofocus
        value={query}
        aria-label={t('emoji.search')}
        placeholder={t('emoji.search')}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div className={styles.results}>
        {found?.length === 0 && <p className={styles.none}>{t('emoji.none')}</p>}
        {found ? (
          <Grid emoji={found} onChoose={onChoose} />
        ) : (
          emojiGroups.map((group) => (
            <section key={group.name}>
              <h3>{t(`emoji.${group.name}`)}</h3>
              <Grid emoji={group.emoji} onChoose={onChoose} />
            </section>
          ))
        )}
      </div>
    </div>
  );
}

function Grid({ emoji, onChoose }: { emoji: Emoji[]; onChoose: (emoji: string) => void }) {
  return (
    <div className={styles.grid}>
      {emoji.map(({ character, words }) => (
        <button
          key={character}
          type="button"
          aria-label={`${character} ${words}`}
          onClick={() => onChoose(character)}
        >
          {character}
        </button>
      ))}
    </div>
  );
}
