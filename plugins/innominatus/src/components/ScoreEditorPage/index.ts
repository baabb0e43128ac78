export { ScoreEditorPage } from './ScoreEditorPage';
