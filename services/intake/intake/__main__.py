from intake.main import main

main()
