import { runProcess } from './runProcess';

void runProcess(process.argv.slice(2));
