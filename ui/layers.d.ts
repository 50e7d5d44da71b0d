import type { Rule } from "eslint";

export declare const LAYERS: Record<string, string[]>;
export declare function refusal(root: string, file: string, source: string): string | null;
export declare function layeringRule(root: string): Rule.RuleModule;
