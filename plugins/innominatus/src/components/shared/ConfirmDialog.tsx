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

export interface ConfirmDialogProps {
  title: string;
  /** What is going to happen, and the fields that it needs. */
  children: ReactNode;
  /** Class of the element around the children. */
  className?: string;
  confirm: {
    label: string;
    destructive?: boolean;
    isPending: boolean;
    isDisabled?: boolean;
  };
  /** Of the button that changes nothing. */
  back: string;
  /** Why the last try did not work. */
  failure?: { title: string; error: Error };
  onConfirm: () => void;
  onClose: () => void;
}

/** Says what an action does before it is done. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { confirm, failure, onConfirm, onClose } = props;
  return (
    <Dialog
      isOpen
      isDismissable
      width={560}
      onOpenChange={isOpen => {
        if (!isOpen) {
          onClose();
        }
      }}
    >
      <DialogHeader>{props.title}</DialogHeader>
      <DialogBody>
        <div className={props.className}>
          {props.children}
          {failure && <ErrorState {...failure} />}
        </div>
      </DialogBody>
      <DialogFooter>
        <ConfirmButton
          destructive={confirm.destructive}
          isPending={confirm.isPending}
          isDisabled={confirm.isDisabled}
          onPress={onConfirm}
        >
          {confirm.label}
        </ConfirmButton>
        <Button variant="secondary" onPress={onClose}>
          {props.back}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
