import { branches, PROFILE_IDS, type CompletedCommand } from './completed-commands.ts';

/** The completion for zsh: a file `_tokentray` in `$fpath`, or sourced after `compinit`. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef tokentray
# zsh completion of tokentray: source <(tokentray completion zsh), after compinit
_tokentray_profiles() {
  ${PROFILE_IDS}
}
_tokentray() {
  local previous=\${words[CURRENT-1]} options= value= argument= with_value= word
  local -a takes
  local -i at count=1
  if ((CURRENT == 2)); then
    compadd -- ${commands.map(({ name }) => name).join(' ')} --help --version
    return
  fi
  if [[ \${words[CURRENT]} == --*=* ]]; then
    previous=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  case \${words[2]} in
${branches(commands)}
    *) return 1 ;;
  esac
  if [[ " $with_value " == *" $previous "* ]]; then
    argument=\${value:-anything}
  elif [[ \${words[CURRENT]} == -* ]]; then
    argument="words $options"
  else
    for ((at = 3; at < CURRENT; at++)); do
      word=\${words[at]}
      if [[ $word != -* ]]; then
        ((count++))
      elif [[ " $with_value " == *" $word "* ]]; then
        ((at++))
      fi
    done
    argument=\${takes[count]:-words $options}
  fi
  case $argument in
    profiles) compadd -- \${(f)"$(_tokentray_profiles "\${words[1]}")"} ;;
    files) _files ;;
    words*) compadd -- \${=argument#words} ;;
    *) return 1 ;;
  esac
}
if [[ \${funcstack[1]} == _tokentray ]]; then
  _tokentray "$@"
else
  compdef _tokentray tokentray
fi`;
}
