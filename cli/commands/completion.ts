// `acrc completion`: the script that a shell reads to complete commands, options and names.
import { command } from '../command.ts';
import { scriptFor, shells } from '../completion/script.ts';
import { choiceOperand } from '../parse/option.ts';

export default command({
  description:
    'Besides commands and options it completes the names of registries, connected registries, tokens, scope maps and ' +
    'repositories, as the control plane knows them.',
  options: { shell: choiceOperand('SHELL', 'The shell that reads it.', shells) },
  examples: [
    {
      purpose: 'Complete in this bash; in ~/.bashrc, in every one.',
      line: 'source <(acrc completion bash)',
    },
    { purpose: 'Complete in zsh; the line belongs behind compinit.', line: 'source <(acrc completion zsh)' },
    { purpose: 'Complete in fish.', line: 'acrc completion fish > ~/.config/fish/completions/acrc.fish' },
    {
      purpose: 'Complete in PowerShell; in $PROFILE, in every one.',
      line: 'acrc completion powershell | Out-String | Invoke-Expression',
    },
  ],
  async run({ shell }, context) {
    context.stdout.write(scriptFor(shell));
  },
});
