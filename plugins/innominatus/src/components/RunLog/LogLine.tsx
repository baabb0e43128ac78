import { RunLogLine } from '@innominatus/backstage-plugin-innominatus-common';
import { memo } from 'react';
import { AnsiSpan, parseAnsi } from '../../lib/ansi';
import { useText } from '../../translation';
import styles from './RunLog.module.css';

export interface LogLineProps {
  line: RunLogLine;
  /** Position in what is shown, from 1. */
  number: number;
  timestamps: boolean;
  showStep: boolean;
  search: string;
  current: boolean;
  linked: boolean;
}

/** One line: a link to itself, when, which step, and the text. */
export const LogLine = memo((props: LogLineProps) => {
  const { line, number, timestamps, showStep, search, current, linked } = props;
  const t = useText();
  const id = lineId(line.seq);
  return (
    <li
      id={id}
      className={styles.line}
      data-level={line.level}
      data-current={current || undefined}
      data-linked={linked || undefined}
    >
      <a
        className={styles.number}
        href={`#${id}`}
        aria-label={t('logs.line', { line: String(number) })}
      >
        {number}
      </a>
      {timestamps && (
        <time className={styles.time} dateTime={line.time}>
          {clockTime(line.time)}
        </time>
      )}
      {showStep && <span className={styles.step}>{line.step}</span>}
      <span className={styles.text}>
        {parseAnsi(line.text).map((span, index) => (
          <Span key={index} span={span} search={search} />
        ))}
      </span>
    </li>
  );
});

export function lineId(seq: number): string {
  return `L${seq}`;
}

function Span(props: { span: AnsiSpan; search: string }) {
  const { span, search } = props;
  return (
    <span data-color={span.color} data-bold={span.bold || undefined}>
      {search ? markMatches(span.text, search) : span.text}
    </span>
  );
}

function markMatches(text: string, search: string) {
  const parts = [];
  const lower = text.toLowerCase();
  let position = 0;
  for (
    let found = lower.indexOf(search);
    found >= 0;
    found = lower.indexOf(search, position)
  ) {
    parts.push(text.slice(position, found));
    parts.push(
      <mark key={found}>{text.slice(found, found + search.length)}</mark>,
    );
    position = found + search.length;
  }
  parts.push(text.slice(position));
  return parts;
}

function clockTime(time: string): string {
  const date = new Date(time);
  return `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
