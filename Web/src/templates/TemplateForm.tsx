import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messages } from '../api/endpoints';
import type { Template, Thread } from '../api/types';
import { approvalKeys } from '../approvals/keys';
import { newKey } from '../composer/outbox';
import { clearRefusal } from '../composer/useOutbox';
import { messageKeys, storeMessage } from '../messages/queries';
import { quotaKeys } from '../quota/queries';
import { errorText } from '../shared/errorText';
import { Button } from '../shared/ui/Button';
import { Choice } from '../shared/ui/Choice';
import { HeaderFileField } from './HeaderFileField';
import type { Known } from './placeholders';
import { rememberTemplate } from './queries';
import styles from './TemplateDialog.module.css';
import { TemplatePreview } from './TemplatePreview';
import { TemplateValueField } from './TemplateValueField';
import {
  faultOf,
  fieldKey,
  fieldsOf,
  type HeaderFile,
  headerFileOf,
  sendBodyOf,
  type Values,
} from './template';

interface Props {
  thread: Thread;
  template: Template;
  /** What its values may name. */
  known: Known;
  variants: Template[];
  onLanguage: (language: string) => void;
  onBack: () => void;
  onSent: () => void;
}

/** Fills in one template with its preview beside, and sends it. Stays open until it was accepted. */
export function TemplateForm({ thread, template, known, variants, onLanguage, onBack, onSent }: Props) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>({});
  const [file, setFile] = useState<HeaderFile | null>(null);
  const [checked, setChecked] = useState(false);
  const send = useSendTemplate(thread.id, () => {
    rememberTemplate(template.name);
    onSent();
  });
  const fields = fieldsOf(template);
  const fileKind = headerFileOf(template);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    const faulty = fields.find((field) => faultOf(field, values, known));
    if (fileKind && !file) form.current?.querySelector<HTMLElement>('[data-header-file]')?.focus();
    else if (faulty) form.current?.querySelector<HTMLInputElement>(`[name="${fieldKey(faulty)}"]`)?.focus();
    else if (!send.isPending) send.mutate(sendBodyOf(template, values, file));
  };

  return (
    <form ref={form} onSubmit={submit} noValidate className={styles.right}>
      <div className={styles.scroll}>
        {variants.length > 1 && (
          <div className={styles.language}>
            {t('templates.language')}
            <Choice
              label={t('templates.language')}
              value={template.language}
              options={variants.map(({ language }) => ({ value: language, label: language }))}
              onChange={onLanguage}
            />
          </div>
        )}
        <h3>{t('templates.preview')}</h3>
        <TemplatePreview template={template} values={values} known={known} file={file} />
        {(fields.length > 0 || fileKind) && <h3>{t('templates.variables')}</h3>}
        {fileKind && (
          <HeaderFileField
            kind={fileKind}
            file={file}
            problem={checked && !file ? t(`templates.headerMissing.${fileKind}`) : null}
            onChange={setFile}
          />
        )}
        {fields.map((field) => (
          <TemplateValueField
            key={fieldKey(field)}
            field={field}
            template={template}
            value={values[fieldKey(field)] ?? ''}
            known={known}
            fault={checked ? faultOf(field, values, known) : null}
            onChange={(value) => setValues({ ...values, [fieldKey(field)]: value })}
          />
        ))}
      </div>
      <div className={styles.foot}>
        <Button className={styles.back} onClick={onBack}>
          {t('templates.back')}
        </Button>
        <span className={styles.problem} role="alert">
          {send.isError && errorText(t, send.error)}
        </span>
        <Button look="primary" type="submit" aria-disabled={send.isPending} data-testid="template-send">
          {t(send.isPending ? 'templates.sending' : 'templates.send')}
        </Button>
      </div>
    </form>
  );
}

/** The same content keeps its key, so that trying again after a lost answer cannot send it twice. */
function useSendTemplate(threadId: string, onSent: () => void) {
  const queryClient = useQueryClient();
  const last = useRef({ content: '', key: '' });
  return useMutation({
    mutationFn: (body: ReturnType<typeof sendBodyOf>) => {
      const content = JSON.stringify(body);
      if (last.current.content !== content) last.current = { content, key: newKey() };
      return messages.send(threadId, body, last.current.key);
    },
    onSuccess: ({ message }) => {
      if (message) storeMessage(queryClient, threadId, message);
      else void queryClient.invalidateQueries({ queryKey: approvalKeys.root });
      void queryClient.invalidateQueries({ queryKey: messageKeys.list(threadId) });
      void queryClient.invalidateQueries({ queryKey: quotaKeys.root });
      clearRefusal(threadId);
      onSent();
    },
  });
}
