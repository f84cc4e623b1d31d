SCRIPT = '''
_tool_complete() {
    COMPREPLY=( $( COMP_WORDS="${COMP_WORDS[*]}" _TOOL_COMPLETE=1 $1 ) )
}
complete -F _tool_complete tool
'''


def install_hint():
    return "Add this line to your ~/.bashrc or ~/.zshrc:\n    eval \"$(tool completion)\"\n" + SCRIPT
