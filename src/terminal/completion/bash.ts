import { branches, PROFILE_IDS, type CompletedCommand } from './completed-commands.ts';

/** The completion for bash; it does not need the package bash-completion. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# bash completion of tokentray: eval "$(tokentray completion bash)"
_tokentray_profiles() {
  ${PROFILE_IDS}
}
_tokentray() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local options= value= argument= takes=() with_value= at count=0
  COMPREPLY=()
  # bash splits "--profile=work" into three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${branches(commands)}
    *) return ;;
  esac
  if [[ " $with_value " == *" $previous "* ]]; then
    argument=\${value:-anything}
  elif [[ $current == -* ]]; then
    argument="words $options"
  else
    for ((at = 2; at < COMP_CWORD; at++)); do
      case \${COMP_WORDS[at]} in
        =) ((at++)) ;;
        -*) if [[ " $with_value " == *" \${COMP_WORDS[at]} "* && \${COMP_WORDS[at+1]} != = ]]; then ((at++)); fi ;;
        *) ((count++)) ;;
      esac
    done
    argument=\${takes[count]:-words $options}
  fi
  case $argument in
    profiles) COMPREPLY=($(compgen -W "$(_tokentray_profiles "\${COMP_WORDS[0]}")" -- "$current")) ;;
    files)
      compopt -o filenames 2>/dev/null
      local IFS=$'\\n'
      COMPREPLY=($(compgen -f -- "$current"))
      ;;
    words*) COMPREPLY=($(compgen -W "\${argument#words}" -- "$current")) ;;
  esac
}
complete -F _tokentray tokentray`;
}
