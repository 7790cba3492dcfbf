// The text that makes a shell ask `acrc __complete` when Tab is pressed. Each passes the word under the cursor behind a `=`,
// since PowerShell loses empty words, and then the words before it; it gets lines of a word, a tab and what it is about.
// With no answer the shell completes files.
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

const bash = [
  '_acrc() {',
  '  local IFS=$\'\\n\' current="${COMP_WORDS[COMP_CWORD]}"',
  '  COMPREPLY=($("$1" __complete "=$current" "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null | cut -f 1))',
  '}',
  'complete -o default -F _acrc acrc',
];

const zsh = [
  '#compdef acrc',
  '_acrc() {',
  "  local line tab=$'\\t'",
  '  local -a found',
  '  for line in "${(@f)$("$words[1]" __complete "=$words[CURRENT]" "${(@)words[2,CURRENT-1]}" 2>/dev/null)}"; do',
  '    [[ -z "$line" ]] || found+=("${${line%%$tab*}//:/\\\\:}:${line#*$tab}")',
  '  done',
  '  if (( $#found )); then _describe acrc found; else _files; fi',
  '}',
  'if [[ "$funcstack[1]" = _acrc ]]; then _acrc "$@"; else compdef _acrc acrc; fi',
];

const fish = [
  'function __acrc_complete',
  '  set -l before (commandline -opc)',
  '  set -l current (commandline -ct)',
  '  set -l command $before[1]',
  '  set -e before[1]',
  '  set -l found ($command __complete "=$current" $before 2>/dev/null)',
  '  if set -q found[1]',
  "    printf '%s\\n' $found",
  '  else',
  '    __fish_complete_path "$current"',
  '  end',
  'end',
  "complete -c acrc -f -a '(__acrc_complete)'",
];

const powershell = [
  'Register-ArgumentCompleter -Native -CommandName acrc -ScriptBlock {',
  '  param($current, $line, $cursor)',
  '  $before = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })',
  '  $words = @($before | Select-Object -Skip 1)',
  '  & $before[0] __complete "=$current" @words 2>$null | ForEach-Object {',
  '    $word, $about = $_ -split "`t", 2',
  '    if (-not $about) { $about = $word }',
  "    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)",
  '  }',
  '}',
];

const lines = { bash, zsh, fish, powershell } as const satisfies Record<(typeof shells)[number], string[]>;

export function scriptFor(shell: (typeof shells)[number]): string {
  return lines[shell].map((line) => `${line}\n`).join('');
}
