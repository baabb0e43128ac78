import type { InnominatusClient } from '@innominatus/backstage-plugin-innominatus-common';
import type { Session } from '../context/Session';
import { Output } from '../output/Output';
import { Talk } from '../output/Talk';
import { UsageError } from './errors';
import { GlobalFlagValues } from './globalFlags';
import { Io } from './io';
import { CommandSet } from './resolve';

/** What a command works with. */
export class CommandContext {
  readonly io: Io;
  readonly global: GlobalFlagValues;
  /** All commands, for help and completion. */
  readonly commands: CommandSet;
  /** stdout: data only. */
  readonly out: Output;
  /** stderr: progress, hints, errors. */
  readonly talk: Talk;
  #session?: Promise<Session>;
  #interruptNote?: string;

  private constructor(options: {
    io: Io;
    global: GlobalFlagValues;
    commands: CommandSet;
  }) {
    const { io, global, commands } = options;
    this.io = io;
    this.global = global;
    this.commands = commands;
    this.out = Output.create(io, global);
    this.talk = Talk.create(io, global);
  }

  static create(options: {
    io: Io;
    global: GlobalFlagValues;
    commands: CommandSet;
  }): CommandContext {
    return new CommandContext(options);
  }

  /** Said when Ctrl-C ends the command while work goes on elsewhere. */
  get interruptNote(): string | undefined {
    return this.#interruptNote;
  }

  noteForInterrupt(note: string): void {
    this.#interruptNote = note;
  }

  /** Where the backend is and how to sign in there; opened once. */
  session(): Promise<Session> {
    this.#session ??= import('../context/Session').then(({ Session: Opened }) =>
      Opened.open(this),
    );
    return this.#session;
  }

  async client(): Promise<InnominatusClient> {
    return (await this.session()).client;
  }

  /**
   * Asks before something is lost.
   *
   * @param question - With `expected`, the person has to type that word.
   */
  async confirm(question: string, expected?: string): Promise<boolean> {
    if (this.global.yes) {
      return true;
    }
    const { stdin, stderr } = this.io;
    if (this.global['no-input'] || !stdin.isTTY || !stderr.isTTY) {
      throw new UsageError(
        `${question} Nobody can be asked here, and --yes was not given.`,
        { next: 'Add --yes to the line if that is what you want.' },
      );
    }
    const { createInterface } = await import('node:readline/promises');
    const prompt = createInterface({ input: stdin, output: stderr });
    try {
      const answer = await prompt.question(
        expected
          ? `${question} Type "${expected}" to go on: `
          : `${question} [y/N] `,
        { signal: this.io.signal },
      );
      return expected
        ? answer.trim() === expected
        : /^y(es)?$/i.test(answer.trim());
    } finally {
      prompt.close();
    }
  }
}
