from workflow.main import main

main()
