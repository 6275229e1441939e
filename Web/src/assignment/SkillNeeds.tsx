import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkillLevel } from '../api/types';
import { Icon } from '../shared/ui/Icon';
import { Menu } from '../shared/ui/Menu';
import { useSkills } from './queries';
import styles from './Skills.module.css';

interface Props {
  needs: SkillLevel[];
  onChange: (needs: SkillLevel[]) => void;
}

const levels = [1, 2, 3, 4, 5];
const MOST = 10;

/** What a ticket needs of whoever takes it: skills, each with the least level. */
export function SkillNeeds({ needs, onChange }: Props) {
  const { t } = useTranslation();
  const skills = useSkills().data ?? [];
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  // A skill that was removed is needed no more.
  const known = needs.filter(({ id }) => skills.some((skill) => skill.id === id));
  const others = skills.filter(({ id }) => !known.some((need) => need.id === id));
  if (skills.length === 0) return <span className={styles.none}>{t('skills.none')}</span>;
  return (
    <span className={styles.needs}>
      {known.map((need) => {
        const name = skills.find(({ id }) => id === need.id)?.name ?? '';
        return (
          <span key={need.id} className={styles.need} data-testid="skill-need">
            {name}
            <select
              aria-label={t('skills.levelOf', { name })}
              value={need.level}
              onChange={(event) =>
                onChange(
                  known.map((one) =>
                    one.id === need.id ? { ...one, level: Number(event.target.value) } : one,
                  ),
                )
              }
            >
              {levels.map((level) => (
                <option key={level} value={level}>
                  {t('skills.atLeast', { level })}
                </option>
              ))}
            </select>
            <button
              type="button"
              aria-label={t('skills.remove', { name })}
              onClick={() => onChange(known.filter((one) => one.id !== need.id))}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        );
      })}
      {others.length > 0 && known.length < MOST && (
        <button
          ref={button}
          type="button"
          className={styles.add}
          aria-haspopup="listbox"
          aria-expanded={open}
          data-testid="skill-need-add"
          onClick={() => setOpen(!open)}
        >
          {t('skills.add')}
        </button>
      )}
      {open && (
        <Menu
          anchor={button}
          label={t('skills.add')}
          options={others.map(({ id, name }) => ({ key: id, value: id, label: name }))}
          searchable
          onChoose={(id) => onChange([...known, { id, level: 1 }])}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  );
}
