import gc

gc.disable()  # until all is there: looking for garbage in what stays took a fifth of the start

from neighbourhood.main import main  # noqa: E402

main()
