"""What crosses the borders between the processes of a show, and the control client of a surface such as the app."""
