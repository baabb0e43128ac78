import { Alert, Button } from '@backstage/ui';
import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router-dom';
import { useRunLogs } from '../../hooks';
import { useText } from '../../translation';
import { ListSkeleton, ScrollArea } from '../shared';
import { LogLine, lineId } from './LogLine';
import { LogToolbar } from './LogToolbar';
import styles from './RunLog.module.css';
import { downloadText } from '../../lib/download';
import { logAsText } from './logAsText';
import { useFollow } from './useFollow';
import { useLogSearch } from './useLogSearch';

/** More rows at once would make the page slow; the rest is one click away. */
const WINDOW = 2000;

export interface RunLogProps {
  runId: string;
  fileName: string;
  step?: string;
  attempt?: number;
  /** Say at each line which step wrote it. */
  showStep: boolean;
}

/** The log of a run or a step, as it is written. */
export function RunLog(props: RunLogProps) {
  const { runId, fileName, step, attempt, showStep } = props;
  const t = useText();
  const logs = useRunLogs({ runId, step, attempt });
  const { lines } = logs;
  const container = useRef<HTMLDivElement>(null);
  const linked = useLinkedLine();
  const [timestamps, setTimestamps] = useState(true);
  const [size, setSize] = useState(WINDOW);
  const search = useLogSearch(lines);
  const follow = useFollow(container, lines.length, linked === undefined);
  const target = search.current ?? linked;
  const first = firstShown(lines, size, target);

  const targetIsHere = lines.some(line => line.seq === target);
  useEffect(() => {
    if (target !== undefined && targetIsHere) {
      scrollTo(container.current, target);
    }
  }, [target, targetIsHere]);

  return (
    <div className={styles.root}>
      <LogToolbar
        search={search}
        follow={logs.state === 'ended' ? undefined : follow}
        timestamps={timestamps}
        onTimestamps={setTimestamps}
        onDownload={() => downloadText(fileName, logAsText(lines))}
      />
      {logs.state === 'interrupted' && (
        <Alert status="warning" icon title={t('logs.interrupted')} />
      )}
      {logs.state === 'loading' && lines.length === 0 ? (
        <ListSkeleton rows={6} height={18} />
      ) : (
        <div className={styles.frame}>
          <ScrollArea
            ref={container}
            className={styles.lines}
            label={t('logs.label')}
            onScroll={follow.onScroll}
          >
            {lines.length === 0 && (
              <div className={styles.empty}>
                {logs.state === 'ended'
                  ? t('logs.emptyEnded')
                  : t('logs.empty')}
              </div>
            )}
            {first > 0 && (
              <Button
                size="small"
                variant="tertiary"
                onPress={() => setSize(lines.length - first + WINDOW)}
              >
                {t('logs.earlier', { count: first })}
              </Button>
            )}
            <ol className={styles.list}>
              {lines.slice(first).map((line, index) => (
                <LogLine
                  key={line.seq}
                  line={line}
                  number={first + index + 1}
                  timestamps={timestamps}
                  showStep={showStep}
                  search={search.text.trim().toLowerCase()}
                  current={line.seq === search.current}
                  linked={line.seq === linked}
                />
              ))}
            </ol>
          </ScrollArea>
          {follow.unseen > 0 && (
            <Button
              className={styles.jump}
              size="small"
              onPress={() => follow.setFollowing(true)}
            >
              {t('logs.newLines', { count: follow.unseen })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** The line that the address of the page points at. */
function useLinkedLine(): number | undefined {
  const { hash } = useLocation();
  const match = /^#L(\d+)$/.exec(hash);
  return match ? Number(match[1]) : undefined;
}

function firstShown(
  lines: RunLogLine[],
  size: number,
  target: number | undefined,
): number {
  const byWindow = Math.max(0, lines.length - size);
  const index =
    target === undefined ? -1 : lines.findIndex(line => line.seq === target);
  return index >= 0 && index < byWindow ? index : byWindow;
}

function scrollTo(container: HTMLElement | null, seq: number): void {
  const line = container?.querySelector<HTMLElement>(`#${lineId(seq)}`);
  if (container && line) {
    container.scrollTop =
      line.offsetTop - container.offsetTop - container.clientHeight / 2;
  }
}
