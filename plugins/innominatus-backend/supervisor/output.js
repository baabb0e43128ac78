'use strict';

const fs = require('node:fs');
const { StringDecoder } = require('node:string_decoder');

/** Longer lines are cut; the rest is dropped, so that no secret is torn apart. */
const LONGEST_LINE = 64 * 1024;
/** Lines without content cost something, too. */
const BYTES_PER_LINE = 16;

/**
 * Writes what a program prints to a file, line by line and up to a limit. What
 * is beyond is read and dropped: the program must not notice. Writing
 * synchronously lets a fast program wait for the disk.
 */
function createOutput({ file, limitBytes }) {
  const descriptor = fs.openSync(file, 'a', 0o600);
  const splitters = [];
  let bytes = 0;
  let truncated = false;

  function write(stream, lines) {
    const frames = [];
    for (const text of lines) {
      if (truncated) {
        break;
      }
      bytes += Buffer.byteLength(text) + BYTES_PER_LINE;
      truncated = bytes > limitBytes;
      frames.push(
        truncated
          ? JSON.stringify(['truncated', String(limitBytes)])
          : JSON.stringify([stream, text]),
      );
    }
    if (frames.length > 0) {
      writeAll(`${frames.join('\n')}\n`);
    }
  }

  function writeAll(text) {
    const buffer = Buffer.from(text);
    try {
      for (let at = 0; at < buffer.length;) {
        at += fs.writeSync(descriptor, buffer, at);
      }
    } catch {
      // A full disk must not end the program either.
      truncated = true;
    }
  }

  return {
    read(readable, stream) {
      const splitter = createSplitter(lines => write(stream, lines));
      splitters.push(splitter);
      readable.on('data', splitter.push);
      readable.on('error', () => {});
    },
    /** Writes the lines without an end. Answers whether something is missing. */
    end() {
      for (const splitter of splitters) {
        splitter.end();
      }
      fs.closeSync(descriptor);
      return truncated;
    },
  };
}

/** Splits at line feeds and at carriage returns, which progress bars use. */
function createSplitter(emit) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let tooLong = false;

  function take(text, last) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    if (last && rest.endsWith('\r')) {
      rest = rest.slice(0, -1);
    }
    if (last && rest !== '') {
      lines.push(rest);
    }
    const cut = lines.map((line, i) => {
      const continued = i === 0 && tooLong;
      return continued || line.length > LONGEST_LINE
        ? `${line.slice(0, LONGEST_LINE)} (line cut)`
        : line;
    });
    if (lines.length > 0) {
      tooLong = false;
    }
    // Keeps one character more than is shown, and a carriage return that may
    // be the first half of an end of line.
    if (rest.length > LONGEST_LINE + 1) {
      tooLong = true;
      rest = rest.slice(0, LONGEST_LINE) + (rest.endsWith('\r') ? '\r' : '');
    }
    emit(cut);
  }

  return {
    push: chunk => take(decoder.write(chunk), false),
    end: () => take(decoder.end(), true),
  };
}

module.exports = { createOutput };
