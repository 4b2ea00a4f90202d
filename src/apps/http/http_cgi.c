/**
 * @file
 * CGI: parameters of a request, and the program's table of handlers.
 */
#include <string.h>
#include "apps/http/http_priv.h"

struct cgi_state {
  const tCGI *table;
  int count;
};

STACK_STATE(struct cgi_state, cgi);

void http_set_cgi_handlers(const tCGI *pCGIs, int iNumHandlers)
{
  LWIP_ASSERT_CORE_LOCKED();
  LWIP_ASSERT("http_set_cgi_handlers: LWIP_HTTPD_CGI is 0", LWIP_HTTPD_CGI);
  cgi()->table = pCGIs;
  cgi()->count = iNumHandlers;
}

void http_params_split(struct http_params *params, char *query)
{
  params->count = 0;
  while (query != NULL && params->count < LWIP_HTTPD_MAX_CGI_PARAMETERS) {
    char *next = strchr(query, '&');
    if (next != NULL) {
      *next++ = '\0';
    }
    char *value = strchr(query, '=');
    if (value != NULL) {
      *value++ = '\0';
    }
    params->name[params->count] = query;
    params->value[params->count] = value;
    params->count++;
    query = next;
  }
}

bool http_cgi_call(const char **path, struct http_params *params)
{
  for (int i = 0; i < cgi()->count; i++) {
    const tCGI *row = &cgi()->table[i];
    if (strcmp(*path, row->pcCGIName) == 0) {
      *path = row->pfnCGIHandler(i, params->count, params->name, params->value);
      return true;
    }
  }
  return false;
}
