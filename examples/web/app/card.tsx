import { Box, Group, Paper, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface CardProps {
  readonly title: string;
  readonly text?: string;
  /** Stands at the right of the head. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A named region of the page. */
export function Card({ title, text, aside, className = "", children }: CardProps) {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} withBorder radius="lg" className={`card ${className}`}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm" mb="md">
        <Box miw={0}>
          <Title order={2} id={id} className="card-title">
            {title}
          </Title>
          {text && (
            <Text c="dimmed" size="sm" mt={4}>
              {text}
            </Text>
          )}
        </Box>
        {aside && <div className="card-aside">{aside}</div>}
      </Group>
      {children}
    </Paper>
  );
}
