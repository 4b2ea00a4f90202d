/**
 * @file
 * Between the examples and common/main.c, which starts the stack for them.
 */
#ifndef EXAMPLES_APP_H
#define EXAMPLES_APP_H

/**
 * The application, called in a thread of its own when the interface is up and has its addresses.
 *
 * @param argv  what the command line has behind the options of common/main.c; argv[0] is the name
 * @return the program's exit status
 */
int app_main(int argc, char **argv);

#endif /* EXAMPLES_APP_H */
