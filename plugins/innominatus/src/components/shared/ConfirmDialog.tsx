import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import { ReactNode } from 'react';
import { ConfirmButton } from './ConfirmButton';
import { ErrorState } from './ErrorState';
import styles from './shared.module.css';

export interface ConfirmDialogProps {
  title: string;
  /** What is going to happen, and the fields that it needs. */
  children: ReactNode;
  /** Missing as long as there is nothing that could be done. */
  confirm?: {
    label: string;
    destructive?: boolean;
    isPending: boolean;
    isDisabled?: boolean;
  };
  /** Of the button that changes nothing. */
  back: string;
  /** Why the last try did not work. */
  failure?: { title: string; error: Error };
  /** In pixels. */
  width?: number;
  onConfirm: () => void;
  onClose: () => void;
}

/** Says what an action does before it is done. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { confirm, failure, width = 560, onConfirm, onClose } = props;
  return (
    <Dialog
      isOpen
      isDismissable
      width={width}
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <div className={styles.dialog}>
          {props.children}
          {failure && <ErrorState {...failure} />}
        </div>
      </DialogBody>
      <DialogFooter>
        {confirm && (
          <ConfirmButton
            destructive={confirm.destructive}
            isPending={confirm.isPending}
            isDisabled={confirm.isDisabled}
            onPress={onConfirm}
          >
            {confirm.label}
          </ConfirmButton>
        )}
        <Button variant="secondary" onPress={onClose}>
          {props.back}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
