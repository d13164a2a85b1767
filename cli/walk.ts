/** Walking through a run in a terminal, a key for each step. */

import { emitKeypressEvents, type Key } from 'node:readline';
import type { Paper } from '../explorer/report/text.ts';
import type { Screens } from './screen.ts';

const HELP = 'Enter, n: next · p: previous · g, G: first, last · q: quit';
const CLEAR_SCREEN = '\x1b[2J\x1b[H';

/** Shows screen after screen until the user has seen enough. */
export async function walk(screens: Screens, paper: () => Paper): Promise<void> {
  const { stdin, stdout } = process;
  let step = 0;
  const draw = (): void => {
    stdout.write(`${CLEAR_SCREEN}${screens.at(step, paper())}\n\n${HELP}\n`);
  };
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdout.on('resize', draw);
  draw();
  try {
    await new Promise<void>((resolve) => {
      const press = (text: string | undefined, key: Key): void => {
        const to = target(step, screens.last, text, key);
        if (to === 'quit') {
          stdin.off('keypress', press);
          resolve();
        } else if (to !== step) {
          step = to;
          draw();
        }
      };
      stdin.on('keypress', press);
      stdin.once('end', resolve);
    });
  } finally {
    stdout.off('resize', draw);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

/** Where a key leads. */
export function target(step: number, last: number, text: string | undefined, key: Key): number | 'quit' {
  if (key.ctrl === true && (key.name === 'c' || key.name === 'd')) return 'quit';
  switch (text === 'G' ? 'G' : key.name) {
    case 'q':
    case 'escape':
      return 'quit';
    case 'return':
    case 'enter':
    case 'space':
    case 'n':
    case 'j':
    case 'right':
    case 'down':
      return Math.min(step + 1, last);
    case 'p':
    case 'k':
    case 'left':
    case 'up':
    case 'backspace':
      return Math.max(step - 1, 0);
    case 'g':
    case 'home':
      return 0;
    case 'G':
    case 'end':
      return last;
    default:
      return step;
  }
}
