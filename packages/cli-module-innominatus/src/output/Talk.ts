import { GlobalFlagValues } from '../framework/globalFlags';
import { Io } from '../framework/io';
import { Styles, wantsColors, stylesFor } from './styles';

/** Talks to the person on stderr, so that stdout stays data. */
export class Talk {
  readonly styles: Styles;
  readonly hasColors: boolean;
  readonly #io: Io;
  readonly #level: 'quiet' | 'normal' | 'verbose';

  private constructor(io: Io, global: GlobalFlagValues) {
    this.#io = io;
    this.hasColors = wantsColors(io.stderr, {
      env: io.env,
      noColor: global['no-color'],
    });
    this.styles = stylesFor(this.hasColors);
    if (global.quiet) {
      this.#level = 'quiet';
    } else {
      this.#level = global.verbose ? 'verbose' : 'normal';
    }
  }

  static create(io: Io, global: GlobalFlagValues): Talk {
    return new Talk(io, global);
  }

  /** Progress and notes; silent with `--quiet`. */
  say(text: string): void {
    if (this.#level !== 'quiet') {
      this.#line(text);
    }
  }

  /** The one step a person would take next. */
  next(text: string): void {
    this.say(this.styles.dim(text));
  }

  /** What is made over the network; only with `--verbose`. */
  detail(text: string): void {
    if (this.#level === 'verbose') {
      this.#line(this.styles.dim(text));
    }
  }

  warn(text: string): void {
    this.#line(`${this.styles.yellow('Warning:')} ${text}`);
  }

  error(text: string): void {
    this.#line(`${this.styles.red('Error:')} ${text}`);
  }

  /** Belongs to an error or a question and is never left out. */
  always(text: string): void {
    this.#line(text);
  }

  #line(text: string): void {
    this.#io.stderr.write(`${text}\n`);
  }
}
