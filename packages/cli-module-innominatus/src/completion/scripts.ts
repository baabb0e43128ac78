/** What each shell is told, so that it asks the command for candidates. */
export const completionScripts = {
  bash: `_innominatus() {
  local IFS=$'\\n'
  COMPREPLY=($(innominatus __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _innominatus innominatus
`,
  zsh: `#compdef innominatus
_innominatus() {
  local -a candidates
  candidates=("\${(@f)$(innominatus __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  candidates=("\${(@)candidates:#}")
  if (( \${#candidates} )); then
    compadd -a candidates
  else
    _files
  fi
}
compdef _innominatus innominatus
`,
  fish: `function __innominatus_complete
  set -l words (commandline -opc) "$(commandline -ct)"
  innominatus __complete $words[2..-1] 2>/dev/null
end
complete -c innominatus -a '(__innominatus_complete)'
`,
} as const;
