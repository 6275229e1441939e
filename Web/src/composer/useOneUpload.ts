import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadMedia } from '../api/upload';
import { errorText } from '../shared/errorText';
import { type FileKind, inspect, kinds } from './files';

export type UploadState =
  | { kind: 'idle' }
  | { kind: 'uploading'; share: number }
  | { kind: 'failed'; why: string };

interface Options {
  kind: FileKind;
  /** What is said of a file of another kind, or one that is too large. */
  unfit: (megabytes: number) => string;
  /** Null while another file is being looked at: what was there before does not count any more. */
  onUploaded: (file: { mediaId: string; name: string } | null) => void;
}

/** A form's one file: looked at, then uploaded at once; choosing again ends what is under way. */
export function useOneUpload({ kind, unfit, onUploaded }: Options) {
  const { t } = useTranslation();
  const running = useRef<AbortController>(null);
  const [state, setState] = useState<UploadState>({ kind: 'idle' });
  useEffect(() => () => running.current?.abort(), []);

  const choose = async (file: File) => {
    running.current?.abort();
    const upload = new AbortController();
    running.current = upload;
    onUploaded(null);
    const verdict = await inspect(file);
    if (verdict.kind !== kind || verdict.fault) {
      setState({ kind: 'failed', why: unfit(kinds[kind].limit / 1024 / 1024) });
      return;
    }
    setState({ kind: 'uploading', share: 0 });
    try {
      const { id: mediaId } = await uploadMedia(
        file,
        { kind, name: file.name },
        (share) => setState({ kind: 'uploading', share }),
        upload.signal,
      );
      setState({ kind: 'idle' });
      onUploaded({ mediaId, name: file.name });
    } catch (error) {
      if (!upload.signal.aborted) setState({ kind: 'failed', why: errorText(t, error) });
    }
  };
  return { state, choose };
}
