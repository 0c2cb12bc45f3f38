"""What surveys calculate with numpy and scipy: pure functions, one module for each kind of question.

Samples are arrays of floats in which NaN stands for no answer and is left out; `first` and `second` are compared as
first − second (so the change of a study is `welch(endline, baseline)`). A figure that the answers cannot give (nobody
answered, no two answers differ …) is None; nothing here warns, returns NaN or fails because of what was answered.
Pages that start the portal must not import this package: numpy and scipy are loaded by what analyses.
"""
